using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Helm;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Helm;

/// <summary>Helm releases that an interrupted apply left half done: what the commands say, and the way out.</summary>
[Trait("Level", "real")]
public sealed class ReleaseRecoveryTests
{
    private const string Release = "helm_release.web";

    /// <summary>What each command says about a release in each status, in tests/pipeline/helm/golden.</summary>
    [Theory]
    [InlineData("deployed", true)]
    [InlineData("failed", false)] // the first installation
    [InlineData("pending-install", false)]
    [InlineData("pending-upgrade", true)]
    public async Task Commands_say_what_a_release_needs(string status, bool isInState)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Synthesize = Synthesize };
        Assert.Equal(0, (await sandbox.RunAsync("deploy system --yes", workspace)).Code);
        sandbox.Sandbox.Account.Edit(
            "helm_release",
            "system/web",
            release =>
            {
                release["status"] = status;
                release["metadata"]!["revision"] = status == "pending-upgrade" ? 2 : 1;
            }
        );
        if (!isInState)
        {
            await workspace
                .Terraform(workspace.Stack("system"), Placeholders.Allowed)
                .ForgetAsync(Release, CancellationToken.None);
        }

        string[] commands =
        [
            "state doctor system",
            "deploy system --yes --skip-synth",
            "state recover system",
            "deploy system --yes --skip-synth",
            $"destroy system development --yes --confirm {workspace.Platform.Project} --skip-synth",
        ];
        var said = new StringBuilder();
        foreach (var command in commands)
        {
            var (code, output, error) = await sandbox.RunAsync(command, workspace);
            said.Append($"$ {command}   # exit {code}\n{About(command, output + error)}\n");
        }
        Golden.Match(said.ToString(), "tests", "pipeline", "helm", "golden", $"{status}.txt");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Killed_apply_of_a_release_is_recovered(bool isUpgrade, bool isLocal)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Synthesize = isUpgrade ? Synthesize : WithoutRelease };
        Assert.Equal(0, (await sandbox.RunAsync("deploy system --yes", workspace)).Code);
        workspace = workspace with
        {
            Synthesize =
                isUpgrade ? Changed
                : isLocal ? WithLocalChart
                : Synthesize,
        };
        var hold = new Hold();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = isUpgrade ? "update" : "create",
                Type = "helm_release",
                Hold = hold,
            }
        );
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var deploy = sandbox.RunAsync("deploy system --yes", workspace);
        await hold.ReachedAsync(patience.Token);
        Kill(workspace, isLocal);
        await hold.LeftAsync(patience.Token);
        Assert.Equal(ExitCode.Failed, (await deploy).Code);
        sandbox.Sandbox.Account.ClearFaults();
        await ReleaseLockAsync(workspace);

        var doctor = await sandbox.RunAsync("state doctor system", workspace);
        var recovered = await sandbox.RunAsync("state recover system", workspace);
        var again = await sandbox.RunAsync("deploy system --yes", workspace);

        var status = isUpgrade ? "pending-upgrade in revision 2" : "pending-install in revision 1";
        Assert.Contains(
            $"WRONG  helm releases of system: release system/web ({Release}) has the status {status}",
            doctor.Output,
            StringComparison.Ordinal
        );
        Assert.True(recovered.Code == 0, recovered.Output + recovered.Error);
        Assert.True(again.Code == 0, again.Output + again.Error);
        var release = Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "helm_release");
        Assert.Equal("deployed", release.Attributes["status"]!.GetValue<string>());
        Assert.Equal(0, (await sandbox.RunAsync("drift system", workspace)).Code);
    }

    /// <summary>With the records that Helm 3.19 wrote on a real cluster.</summary>
    [Fact]
    public async Task Real_records_are_removed_and_failed_through_kubectl()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var kubectl = new Kubectl(sandbox.Workspace);
        await CreateAsync("v1", "Namespace", "demo", space: null);
        await CreateAsync("v1", "ConfigMap", "pending-install-c", "demo"); // an object of the release
        await CreateAsync("v1", "ConfigMap", "other", "demo");
        foreach (var file in new[] { "pending-install.v1", "pending-upgrade.v1", "pending-upgrade.v2" })
            await kubectl.CreateAsync(JsonNode.Parse(File.ReadAllText(RecordFile(file)))!.AsObject(), CancellationToken.None);
        var records = new KubectlReleaseRecords(sandbox.Workspace);

        await records.DeleteAsync(await OneAsync("status=pending-install"), CancellationToken.None);
        await records.FailAsync(await OneAsync("status=pending-upgrade"), "why", CancellationToken.None);

        Assert.Equal(
            ["other", "sh.helm.release.v1.pending-upgrade.v1", "sh.helm.release.v1.pending-upgrade.v2"],
            (await kubectl.ListAsync("configmaps", "demo", CancellationToken.None))
                .Select(item => item["metadata"]!["name"]!.GetValue<string>())
                .Where(name => name != "kube-root-ca.crt")
        );
        Assert.Equal("failed", (await OneAsync("version=2")).Status);

        Task<JsonNode> CreateAsync(string version, string kind, string name, string? space) =>
            kubectl.CreateAsync(
                new()
                {
                    ["apiVersion"] = version,
                    ["kind"] = kind,
                    ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space },
                },
                CancellationToken.None
            );

        async Task<ReleaseRecord> OneAsync(string selector) =>
            Assert.Single(await records.ListAsync("demo", selector, CancellationToken.None));
    }

    /// <summary>A pipeline's account may read ConfigMaps in namespaces that its stack has created, and in no other.</summary>
    [Fact]
    public async Task Records_of_a_missing_namespace_are_none_if_refused()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var folder = new TemporaryDirectory();
        var kubectl = Kubectl.OfTerraform(sandbox.Workspace);
        await kubectl.RunAsync(["create", "namespace", "demo"], CancellationToken.None);
        await kubectl.RunAsync(["create", "serviceaccount", "plan", "--namespace", "demo"], CancellationToken.None);
        await kubectl.RunAsync(["create", "clusterrole", "plan", "--verb=get", "--resource=namespaces"], CancellationToken.None);
        await kubectl.RunAsync(
            ["create", "clusterrolebinding", "plan", "--clusterrole=plan", "--serviceaccount=demo:plan"],
            CancellationToken.None
        );
        var token = await kubectl.RunAsync(["create", "token", "plan", "--namespace", "demo"], CancellationToken.None);
        var config = Path.Combine(folder.Path, "kubeconfig");
        await File.WriteAllTextAsync(
            config,
            Regex.Replace(
                await File.ReadAllTextAsync(sandbox.Workspace.Environment["KUBE_CONFIG_PATH"]),
                "token: [^}\\s]+",
                $"token: {token.Trim()}"
            )
        );
        var records = new KubectlReleaseRecords(
            sandbox.Workspace with
            {
                Environment = new Dictionary<string, string>(sandbox.Workspace.Environment) { ["KUBE_CONFIG_PATH"] = config },
            }
        );

        Assert.Empty(await records.ListAsync("not-yet", "status=failed", CancellationToken.None));
        var refused = await Assert.ThrowsAsync<PipelineException>(() =>
            records.ListAsync("demo", "status=failed", CancellationToken.None)
        );
        Assert.Contains("cannot list resource \"configmaps\"", refused.Message, StringComparison.Ordinal);
        // The namespace default has the release of nobody, and it exists as well.
        await Assert.ThrowsAsync<PipelineException>(() => records.ListAsync("default", "name=a", CancellationToken.None));
    }

    private static string RecordFile(string name) =>
        Repository.PathOf("tests", "pipeline", "helm", "records", $"sh.helm.release.v1.{name}.json");

    [Fact]
    public async Task Deploy_reports_releases_that_cannot_be_checked()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with
        {
            Synthesize = Synthesize,
            Environment = new Dictionary<string, string>(sandbox.Workspace.Environment) { ["KUBE_CONFIG_PATH"] = "/none" },
        };

        var (code, output, error) = await sandbox.RunAsync("deploy system --yes", workspace);

        Assert.True(code == 0, error);
        Assert.Contains(
            "system: its Helm releases could not be checked before the plan: kubectl get configmaps",
            output,
            StringComparison.Ordinal
        );
    }

    private static async Task ReleaseLockAsync(Workspace workspace)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var held = StateLock.Of(buckets, workspace.Platform, "system");
        if (await held.ReadAsync(CancellationToken.None) is { } holder)
            await held.ReleaseAsync(holder.Id, CancellationToken.None);
    }

    // Doctor's other lines are about buckets and keys, which differ in each run.
    private static string About(string command, string said) =>
        string.Concat(
            said.Split('\n')
                .Where(line => line.Length > 0)
                .Where(line => !command.Contains("doctor") || line.Contains("helm releases", StringComparison.Ordinal))
                .Select(line => Regex.Replace(line.TrimEnd(), @"after \d+s", "after 0s") + "\n")
        );

    private static void Kill(Workspace workspace, bool isLocal)
    {
        foreach (var id in workspace.Journals.Of("system").SelectMany(TerraformProcesses.Writing))
        {
            using var terraform = Process.GetProcessById(id);
            // The deploy deletes the directory of an apply when Terraform has ended, maybe before the provider's call ends.
            if (isLocal)
                Directory.Delete($"/proc/{id}/cwd/web", recursive: true);
            terraform.Kill();
        }
    }

    private static void Synthesize(PlatformSpec platform, string output) => Synthesize(platform, output, Web("1"));

    private static void Changed(PlatformSpec platform, string output) => Synthesize(platform, output, Web("2"));

    private static void WithoutRelease(PlatformSpec platform, string output) => Synthesize(platform, output, null);

    // As the charts of the shipped stacks: its path is relative to the directory in which Terraform runs.
    private static void WithLocalChart(PlatformSpec platform, string output)
    {
        var release = Web("1");
        release.Remove("repository");
        Synthesize(platform, output, release);
        var chart = Directory.CreateDirectory(Path.Combine(output, "stacks", "system", "web")).FullName;
        File.WriteAllText(Path.Combine(chart, "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
    }

    private static JsonObject Web(string value) =>
        new()
        {
            ["name"] = "web",
            ["namespace"] = "${kubernetes_namespace_v1.space.metadata[0].name}",
            ["chart"] = "web",
            ["repository"] = "https://charts.example.com",
            ["version"] = "1.0.0",
            ["values"] = new JsonArray($"{{\"value\":\"{value}\"}}"),
        };

    private static void Synthesize(PlatformSpec platform, string output, JsonObject? release) =>
        SmallPlatform.Synthesize(
            platform,
            output,
            (stack, configuration) =>
            {
                if (stack != "system")
                    return;
                configuration["provider"]!["helm"] = new JsonArray(new JsonObject());
                configuration["terraform"]!["required_providers"]!["helm"] = new JsonObject
                {
                    ["source"] = "hashicorp/helm",
                    ["version"] = "3.1.1",
                };
                if (release is not null)
                    configuration["resource"]!["helm_release"] = new JsonObject { ["web"] = release.DeepClone() };
            }
        );
}
