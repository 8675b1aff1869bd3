using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Tests.Constructs.Admission;
using InfraCdktf.Tests.Support;
using Endpoint = InfraCdktf.Pipeline.Reachability.Endpoint;
using Port = InfraCdktf.Pipeline.Reachability.Port;

namespace InfraCdktf.Tests.Constructs.Network;

/// <summary>
/// The isolation probe: a job that checks the network policies at run time. The tests check its connections, and that it fails if
/// a connection does not have the expected result.
/// </summary>
public sealed partial class IsolationProbeTests(SynthesizedPlatform platform, ITestOutputHelper output)
{
    private static readonly PlatformSpec s_platform = Inventory.Platform;

    /// <summary>Whether a server listens, whether the connection is expected to be open, and the exit code.</summary>
    public static TheoryData<bool, bool, int> Outcomes =>
        new()
        {
            { true, true, 0 },
            { false, false, 0 },
            { true, false, IsolationProbe.BrokenExitCode },
        };

    [Theory]
    [MemberData(nameof(Outcomes))]
    [Trait("Level", "real")]
    public void Isolation_probe_fails_on_an_open_connection(bool listens, bool shouldBeOpen, int exitCode)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        if (!listens)
            listener.Stop();
        // A connection with the expected result comes before and after the tested one. Neither may hide a failure.
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var good = new ProbedConnection(true, "localhost", ((IPEndPoint)other.LocalEndpoint).Port);
        var result = Probe([good, new(shouldBeOpen, "127.0.0.1", port), good]);
        output.WriteLine(result.ToString());
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(3, result.Output.Trim().Split('\n').Length);
        Assert.Equal(exitCode == 0 ? 0 : 1, Lines(result.Output, "BROKEN: 127.0.0.1 "));
    }

    [Fact]
    [Trait("Level", "real")]
    public void Isolation_probe_is_broken_although_a_control_fails()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var open = new ProbedConnection(false, "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        var result = Probe([new(true, "127.0.0.1", 1), open]);
        Assert.Equal(IsolationProbe.BrokenExitCode, result.ExitCode);
        Assert.Equal(1, Lines(result.Output, "unproven: 127.0.0.1 port 1 is closed, should be open"));
    }

    [Theory]
    [Trait("Level", "real")]
    [InlineData("127.0.0.1")]
    [InlineData("isolation-target.development.invalid")]
    public void Isolation_probe_without_its_target_tries_until_the_end(string host)
    {
        // The deadline of the job ends the real one.
        var result = Probe([new(true, host, 1), new(false, "127.0.0.1", 1)], pauses: 3);
        output.WriteLine(result.ToString());
        Assert.NotEqual(0, result.ExitCode);
        Assert.NotEqual(IsolationProbe.BrokenExitCode, result.ExitCode);
        Assert.Equal(3, Lines(result.Output, $"unproven: {host} port 1 is closed, should be open"));
        Assert.Equal(0, Lines(result.Output, "BROKEN"));
        // The closed connections are tried once, and again after the control succeeds.
        Assert.Equal(1, Lines(result.Output, "ok: 127.0.0.1 port 1 is closed"));
    }

    [Fact]
    [Trait("Level", "real")]
    public async Task Isolation_probe_succeeds_when_its_target_becomes_ready()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using var target = new TcpListener(IPAddress.Loopback, port);
        using var signals = new TemporaryDirectory();
        var ready = Path.Combine(signals.Path, "ready");
        Assert.Equal(0, DebianTools.Run("mkfifo", [ready]).ExitCode);
        var probe = Task.Run(() => Probe([new(true, "127.0.0.1", port), new(false, "127.0.0.1", 1)], until: ready));
        // The file is opened when the probe waits: its control has failed.
        await using (var signal = await Task.Run(() => File.OpenWrite(ready)).WaitAsync(Patience.Token))
        {
            target.Start();
            await signal.WriteAsync("\n"u8.ToArray());
        }
        var result = await probe.WaitAsync(Patience.Token);
        output.WriteLine(result.ToString());
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["unproven", "ok", "ok", "ok", "ok"], result.Output.Trim().Split('\n').Select(line => line.Split(':')[0]));
    }

    /// <summary>How a pod of the job ends: the exit code of its container (null if none started), and its conditions.</summary>
    public static TheoryData<string, int?, string?, string> Ends =>
        new()
        {
            { "a connection is open", IsolationProbe.BrokenExitCode, null, "PodFailurePolicy" },
            {
                "a connection is open on a node that is drained",
                IsolationProbe.BrokenExitCode,
                "DisruptionTarget",
                "PodFailurePolicy"
            },
            { "an error of the shell", 2, null, "unproven" },
            { "a program is missing", 127, null, "unproven" },
            { "the container cannot start", 128, null, "unproven" },
            { "too little memory", 137, null, "unproven" },
            { "the node is drained", 143, "DisruptionTarget", "unproven" },
            { "the node is lost", null, "DisruptionTarget", "unproven" },
            { "the kubelet refuses the pod: OutOfpods", null, null, "unproven" },
            { "the kubelet refuses the pod: OutOfcpu", null, null, "unproven" },
            { "the kubelet refuses the pod: NodeShutdown", null, null, "unproven" },
            { "the kubelet refuses the pod: NodeAffinity", null, "PodReadyToStartContainers", "unproven" },
        };

    /// <summary>
    /// The reason of the job's failure (the job controller of Kubernetes 1.34: podFailurePolicy, then the limit).
    /// </summary>
    [Theory]
    [Trait("Level", "synthesized")]
    [MemberData(nameof(Ends))]
    public void Isolation_probe_job_is_broken_by_its_exit_code_only(string end, int? exitCode, string? condition, string expected)
    {
        foreach (var environment in s_platform.Environments)
        {
            var job = Object(environment, "CronJob")["spec"]!["jobTemplate"]!["spec"]!;
            var reason = FailureReason(job, exitCode, condition);
            Assert.True(expected == "unproven" == (reason != IsolationProbe.BrokenReason), $"{end}: {reason}");
            Assert.True(expected == "unproven" || reason == expected, $"{end}: {reason}");
        }
    }

    private static string FailureReason(JsonNode job, int? exitCode, string? condition)
    {
        var limit = job["backoffLimit"]!.GetValue<int>();
        for (var counted = 0; counted <= limit; counted++)
        {
            var rule = job["podFailurePolicy"]!["rules"]!.AsArray().FirstOrDefault(one => Matches(one!));
            switch (rule?["action"]!.GetValue<string>())
            {
                case "FailJob":
                    return "PodFailurePolicy";
                case "Ignore":
                    return "DeadlineExceeded";
            }
        }
        return "BackoffLimitExceeded";

        bool Matches(JsonNode rule) =>
            rule["onExitCodes"] is { } codes
                ? exitCode is { } code
                    && codes["values"]!.AsArray().Any(value => value!.GetValue<int>() == code)
                        == (codes["operator"]!.GetValue<string>() == "In")
                : rule["onPodConditions"]!.AsArray().Any(one => one!["type"]!.GetValue<string>() == condition);
    }

    [Fact]
    [Trait("Level", "synthesized")]
    public void Isolation_probe_rule_names_a_container_of_its_pod()
    {
        foreach (var environment in s_platform.Environments)
        {
            var job = Object(environment, "CronJob")["spec"]!["jobTemplate"]!["spec"]!;
            var name = job["podFailurePolicy"]!["rules"]![0]!["onExitCodes"]!["containerName"]!.GetValue<string>();
            var container = Assert.Single(job["template"]!["spec"]!["containers"]!.AsArray())!;
            Assert.Equal(container["name"]!.GetValue<string>(), name);
        }
    }

    [Fact]
    [Trait("Level", "synthesized")]
    public void Isolation_probe_expectations_agree_with_network_policies()
    {
        var evaluator = new Evaluator(SynthesizedCluster.Read(platform.Shipped.Folder));
        var tried = 0;
        foreach (var environment in s_platform.Environments)
        {
            var probe = PodOf(environment, "isolation-probe", Template(environment, "CronJob"));
            foreach (var connection in Connections(environment))
            {
                if (EndpointOf(connection) is not { } end)
                    continue;
                var answer = evaluator.Evaluate(probe, end, new Port(connection.Port));
                Assert.True(answer.Allowed == connection.IsOpen, answer.Explain());
                tried++;
            }
        }
        output.WriteLine($"{tried} connections checked");
    }

    [Fact]
    [Trait("Level", "synthesized")]
    public void Isolation_probe_tries_its_own_and_all_other_environments()
    {
        foreach (var environment in s_platform.Environments)
        {
            var connections = Connections(environment);
            Assert.Equal(
                s_platform.Environments.Select(other => (other.Name.Text, other.Name == environment.Name)).Order(),
                connections
                    .Select(connection => ((EndpointOf(connection) as Pod)?.Namespace, connection.IsOpen))
                    .Where(target => target.Namespace is not null)
                    .Select(target => (target.Namespace!, target.IsOpen))
                    .Order()
            );
            // The command of the pod has these connections as arguments.
            var command = Template(environment, "CronJob")["spec"]!["containers"]![0]!["command"]!
                .AsArray()
                .Select(word => word!.GetValue<string>());
            Assert.Equal(
                ["sh", "-c", IsolationProbe.Script, "isolation-probe", .. IsolationProbe.Arguments(connections)],
                command
            );
        }
    }

    [Fact]
    [Trait("Level", "synthesized")]
    public void Isolation_probe_job_ends_by_its_deadline()
    {
        foreach (var environment in s_platform.Environments)
        {
            var job = Object(environment, "CronJob")["spec"]!;
            Assert.Equal("*/3 * * * *", job["schedule"]!.GetValue<string>());
            // The job controller waits 10 s before the second pod, and twice as long before each next one.
            var limit = job["jobTemplate"]!["spec"]!["backoffLimit"]!.GetValue<int>();
            Assert.True(
                10 * (Math.Pow(2, limit) - 1) > job["jobTemplate"]!["spec"]!["activeDeadlineSeconds"]!.GetValue<int>(),
                $"backoffLimit {limit}"
            );
            // A failed job is deleted after 600 s, so its alert ends.
            Assert.Equal(600, job["jobTemplate"]!["spec"]!["ttlSecondsAfterFinished"]!.GetValue<int>());
            // If every connection times out (3 s each), all are tried twice, with a pause of 5 s, before the deadline.
            Assert.True(
                (Connections(environment).Count * 3 * 2) + 5
                    < job["jobTemplate"]!["spec"]!["activeDeadlineSeconds"]!.GetValue<int>()
            );
        }
    }

    [Fact]
    [Trait("Level", "synthesized")]
    public void Isolation_probe_pods_are_restricted_and_have_no_token()
    {
        foreach (var environment in s_platform.Environments)
        foreach (var kind in new[] { "CronJob", "Deployment" })
        {
            var pod = Template(environment, kind)["spec"]!;
            Assert.False(pod["automountServiceAccountToken"]!.GetValue<bool>());
            Assert.True(pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>());
            Assert.Equal("RuntimeDefault", pod["securityContext"]!["seccompProfile"]!["type"]!.GetValue<string>());
            var container = Assert.Single(pod["containers"]!.AsArray())!;
            Assert.Equal(Images.Busybox, container["image"]!.GetValue<string>());
            Assert.False(container["securityContext"]!["allowPrivilegeEscalation"]!.GetValue<bool>());
            Assert.True(container["securityContext"]!["readOnlyRootFilesystem"]!.GetValue<bool>());
            Assert.Equal("ALL", container["securityContext"]!["capabilities"]!["drop"]![0]!.GetValue<string>());
        }
    }

    [Fact]
    [Trait("Level", "real")]
    public void Environment_manifests_pass_all_admission_policies()
    {
        var system = platform.Shipped.Stacks[s_platform.System.Name.Text];
        var server = new AdmissionServer([.. system.Manifests], s_platform);
        var requests = s_platform
            .Applications.SelectMany(environment =>
                platform
                    .Shipped.Stacks[environment.Name.Text]
                    .Manifests.Select(manifest => new AdmissionRequest
                    {
                        Operation = "CREATE",
                        User = AccountNames.UserName(s_platform.System.AccessNamespace, AccountNames.Apply(environment)),
                        Groups = ["system:serviceaccounts", "system:authenticated"],
                        Object = manifest,
                    })
            )
            .ToList();
        Assert.NotEmpty(requests);
        Assert.All(server.Review(requests), Assert.Empty);
    }

    /// <summary>Runs the program of the job with the shell of busybox.</summary>
    /// <param name="connections">The connections.</param>
    /// <param name="pauses">The pause that ends the program, as the deadline of the job does; null for no end.</param>
    /// <param name="until">A pipe: a pause lasts until somebody writes a line into it.</param>
    private static ToolResult Probe(IEnumerable<ProbedConnection> connections, int? pauses = null, string? until = null)
    {
        DebianTools.Require("busybox", "busybox");
        // Uses the applets of busybox instead of the tools of this machine with the same names.
        using var applets = new TemporaryDirectory();
        var busybox = DebianTools.PathOf("busybox")!;
        foreach (var name in new[] { "nc", "true" })
            File.CreateSymbolicLink(Path.Combine(applets.Path, name), busybox);
        // The program's pause takes no time here: another program has its name.
        var pause = Path.Combine(applets.Path, PauseProgram().Match(IsolationProbe.Script).Groups[1].Value);
        File.WriteAllText(
            pause,
            $"""
            #!{busybox} sh
            echo x >> {applets.Path}/pauses
            {(until is null ? "" : $"read line < {until}")}
            n=0; while read line; do n=$((n + 1)); done < {applets.Path}/pauses
            [ "$n" -lt {pauses ?? int.MaxValue} ] || kill "$PPID"

            """
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(pause, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return DebianTools.Run(
            "env",
            [
                $"PATH={applets.Path}",
                busybox,
                "sh",
                "-c",
                IsolationProbe.Script,
                "isolation-probe",
                .. IsolationProbe.Arguments(connections),
            ]
        );
    }

    [GeneratedRegex("(\\w+) \"\\$pause\"")]
    private static partial Regex PauseProgram();

    private static int Lines(string output, string start) =>
        output.Split('\n').Count(line => line.StartsWith(start, StringComparison.Ordinal));

    /// <summary>
    /// The destination of a connection, resolved with the aliases of the system stack; null for an unknown alias.
    /// </summary>
    private Endpoint? EndpointOf(ProbedConnection connection) =>
        connection.Host.Split('.') switch
        {
            ["isolation-target", var environment, "svc"] => Target(environment),
            ["kubernetes", "default", "svc"] => new Machine(Entity.KubeApiServer),
            [var alias, "system", "svc"] => Alias(alias) is { } name ? Target(name.Split('.')[1]) : null,
            _ => new Outside(connection.Host, AddressBlock.Of($"{connection.Host}/32")),
        };

    private string? Alias(string name) =>
        platform
            .Shipped.Stacks["system"]
            .Manifests.SingleOrDefault(one =>
                one["spec"]?["type"]?.GetValue<string>() == "ExternalName" && one["metadata"]!["name"]!.GetValue<string>() == name
            )
            ?["spec"]!["externalName"]!.GetValue<string>();

    private static Pod Target(string environment) =>
        new()
        {
            Namespace = environment,
            Name = "isolation-target",
            Labels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "isolation-target" },
        };

    private static Pod PodOf(EnvironmentSpec environment, string name, JsonNode template) =>
        new()
        {
            Namespace = environment.Name.Text,
            Name = name,
            Labels = template["metadata"]!["labels"]!
                .AsObject()
                .ToDictionary(label => label.Key, label => label.Value!.GetValue<string>()),
        };

    private JsonNode Template(EnvironmentSpec environment, string kind)
    {
        var spec = Object(environment, kind)["spec"]!;
        return kind == "CronJob" ? spec["jobTemplate"]!["spec"]!["template"]! : spec["template"]!;
    }

    private JsonObject Object(EnvironmentSpec environment, string kind) =>
        platform.Shipped.Stacks[environment.Name.Text].Manifests.Single(one => one["kind"]!.GetValue<string>() == kind);

    private static IReadOnlyList<ProbedConnection> Connections(EnvironmentSpec environment) =>
        environment is ApplicationEnvironmentSpec application
            ? IsolationProbe.Connections(s_platform, application)
            : IsolationProbe.Connections(s_platform, s_platform.System);
}
