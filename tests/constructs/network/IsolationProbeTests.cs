using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Tests.Constructs.Admission;
using InfraCdktf.Tests.Support;
using Xunit.Abstractions;
using Endpoint = InfraCdktf.Pipeline.Reachability.Endpoint;
using Port = InfraCdktf.Pipeline.Reachability.Port;

namespace InfraCdktf.Tests.Constructs.Network;

/// <summary>The job that proves at run time that the walls stand: what it tries, and that it fails when one does not.</summary>
[Collection("synth")]
public sealed class IsolationProbeTests(SynthesizedPlatform platform, ITestOutputHelper output)
{
    private static readonly PlatformSpec s_platform = Inventory.Platform;

    /// <summary>What listens, what is told to be open, and whether the probe must succeed.</summary>
    public static TheoryData<bool, bool, bool> Outcomes =>
        new()
        {
            { true, true, true },
            { false, false, true },
            { true, false, false },
            { false, true, false },
        };

    [SkippableTheory]
    [MemberData(nameof(Outcomes))]
    [Trait("Level", "real")]
    public void The_probe_fails_when_a_forbidden_connection_succeeds_or_an_allowed_one_fails(
        bool listens,
        bool shouldBeOpen,
        bool succeeds
    )
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        if (!listens)
            listener.Stop();
        // One that is as it should be stands on either side: neither hides the other.
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var good = new ProbedConnection(true, "localhost", ((IPEndPoint)other.LocalEndpoint).Port);
        var result = Probe([good, new(shouldBeOpen, "127.0.0.1", port), good]);
        output.WriteLine(result.ToString());
        Assert.Equal(succeeds ? 0 : 1, result.ExitCode);
        Assert.Equal(3, result.Output.Trim().Split('\n').Length);
        Assert.Equal(
            succeeds ? 0 : 1,
            result.Output.Split('\n').Count(line => line.StartsWith("BROKEN: 127.0.0.1 ", StringComparison.Ordinal))
        );
    }

    [SkippableFact]
    [Trait("Level", "real")]
    public void A_name_that_nobody_resolves_is_closed_so_a_probe_without_DNS_fails()
    {
        var result = Probe([new(true, "isolation-target.development.invalid", 8080)]);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    [Trait("Level", "synthesized")]
    public void Every_connection_that_is_tried_is_open_or_closed_by_the_policies_that_are_delivered()
    {
        var evaluator = new Evaluator(SynthesizedCluster.Read(platform.Shipped.Folder));
        var tried = 0;
        foreach (EnvironmentSpec environment in s_platform.Environments)
        {
            var probe = PodOf(environment, "isolation-probe", Template(environment, "CronJob"));
            foreach (var connection in IsolationProbe.Connections(s_platform, environment))
            {
                if (EndpointOf(connection) is not { } end)
                    continue;
                var answer = evaluator.Evaluate(probe, end, new Port(connection.Port));
                Assert.True(answer.Allowed == connection.IsOpen, answer.Explain());
                tried++;
            }
        }
        output.WriteLine($"{tried} connections");
    }

    [Fact]
    [Trait("Level", "synthesized")]
    public void From_each_environment_every_other_one_is_tried_and_its_own_target_answers()
    {
        foreach (EnvironmentSpec environment in s_platform.Environments)
        {
            var connections = IsolationProbe.Connections(s_platform, environment);
            Assert.Equal(
                s_platform.Environments.Select(other => (other.Name.Text, other.Name == environment.Name)).Order(),
                connections
                    .Select(connection => ((EndpointOf(connection) as Pod)?.Namespace, connection.IsOpen))
                    .Where(target => target.Namespace is not null)
                    .Select(target => (target.Namespace!, target.IsOpen))
                    .Order()
            );
            // What the pod is told is what these connections are.
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
    public void A_run_is_short_is_not_repeated_and_does_not_stay_as_an_alarm()
    {
        foreach (EnvironmentSpec environment in s_platform.Environments)
        {
            var job = Object(environment, "CronJob")["spec"]!;
            Assert.Equal("*/3 * * * *", job["schedule"]!.GetValue<string>());
            Assert.Equal(0, job["jobTemplate"]!["spec"]!["backoffLimit"]!.GetValue<int>());
            Assert.Equal(600, job["jobTemplate"]!["spec"]!["ttlSecondsAfterFinished"]!.GetValue<int>());
            // Every connection may time out, and the job still ends before its deadline.
            Assert.True(
                IsolationProbe.Connections(s_platform, environment).Count * 3
                    < job["jobTemplate"]!["spec"]!["activeDeadlineSeconds"]!.GetValue<int>()
            );
        }
    }

    [Fact]
    [Trait("Level", "synthesized")]
    public void Its_pods_fit_the_restricted_level_and_carry_no_token()
    {
        foreach (EnvironmentSpec environment in s_platform.Environments)
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
    public void What_the_pipelines_deliver_passes_every_admission_policy()
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

    private static ToolResult Probe(IEnumerable<ProbedConnection> connections)
    {
        DebianTools.Require("busybox", "busybox");
        // The applets of busybox, not the tools of this machine that have the same names.
        using var applets = new TemporaryDirectory();
        var busybox = DebianTools.PathOf("busybox")!;
        foreach (var name in new[] { "nc", "true" })
            File.CreateSymbolicLink(Path.Combine(applets.Path, name), busybox);
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

    /// <summary>Who is at the other end, by the names that the system stack delivers; none where a name is nobody's.</summary>
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
}
