using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>
/// Every command without what it needs: one list of everything that is missing, exit code 1, and nothing is done. No program, no
/// variable and no synthesized stack is there at first.
/// </summary>
[Trait("Level", "pure")]
public sealed class NeedsTests : IDisposable
{
    private const string Keys =
        "STATE_KEY_STATE STATE_KEY_CORE STATE_KEY_SYSTEM STATE_KEY_DEVELOPMENT STATE_KEY_STAGING STATE_KEY_PRODUCTION";
    private const string Secrets =
        "TF_VAR_alert_routes_slack_webhook_url TF_VAR_grafana_admin_admin_user TF_VAR_grafana_admin_admin_password";

    private readonly TemporaryDirectory _directory = new();

    // A command line with valid values, and what it needs: the word that its message must have for each.
    private static readonly Dictionary<string, string> s_needs = new(StringComparer.Ordinal)
    {
        ["rehearse"] = "terraform node",
        ["validate"] = "node",
        ["validate --skip-synth"] = "state/cdk core/cdk system/cdk development/cdk staging/cdk production/cdk",
        ["plan"] = $"terraform node AWS_ACCESS_KEY_ID {Keys}",
        ["plan core --skip-synth"] = "terraform core/cdk AWS_ACCESS_KEY_ID STATE_KEY_CORE",
        ["deploy --yes"] = $"terraform node AWS_ACCESS_KEY_ID {Keys} LINODE_TOKEN KUBE_CONFIG_PATH {Secrets}",
        ["deploy core --yes"] = "terraform node AWS_ACCESS_KEY_ID STATE_KEY_CORE LINODE_TOKEN",
        ["deploy staging --yes"] = "terraform node AWS_ACCESS_KEY_ID STATE_KEY_STAGING KUBE_CONFIG_PATH",
        ["destroy staging --yes --confirm infra"] = "terraform node AWS_ACCESS_KEY_ID STATE_KEY_STAGING KUBE_CONFIG_PATH",
        ["drift core"] = "terraform node AWS_ACCESS_KEY_ID STATE_KEY_CORE LINODE_TOKEN",
        ["rollback system --to last-good --yes"] = $"terraform AWS_ACCESS_KEY_ID STATE_KEY_SYSTEM KUBE_CONFIG_PATH {Secrets}",
        ["cdktf synth"] = "node",
        ["cdktf diff core"] = "terraform node AWS_ACCESS_KEY_ID STATE_KEY_CORE",
        ["cdktf deploy core"] = "terraform node AWS_ACCESS_KEY_ID STATE_KEY_CORE LINODE_TOKEN",
        ["cdktf destroy staging"] = "terraform node AWS_ACCESS_KEY_ID STATE_KEY_STAGING KUBE_CONFIG_PATH",
        ["backup"] = $"AWS_ACCESS_KEY_ID {Keys}",
        ["access list"] = "node",
        ["access kubeconfig --environment staging --for jane-doe --profile developer --hours 1"] = "kubectl kubeconfig",
        ["access break-glass --revoke"] = "kubectl kubeconfig",
        ["access review --collect"] = "AWS_ACCESS_KEY_ID STATE_KEY_CORE LINODE_TOKEN",
        ["state bootstrap --credentials new"] = "terraform node STATE_KEY_STATE LINODE_TOKEN",
        ["archive list"] = $"AWS_ACCESS_KEY_ID {Keys}",
        ["archive show core 1"] = "AWS_ACCESS_KEY_ID STATE_KEY_CORE",
        ["archive diff core 1 2"] = "AWS_ACCESS_KEY_ID STATE_KEY_CORE",
        ["archive prune core"] = "AWS_ACCESS_KEY_ID STATE_KEY_CORE",
        ["state unlock core --yes --reason test"] = "AWS_ACCESS_KEY_ID STATE_KEY_CORE",
        ["state restore core 1"] = "terraform AWS_ACCESS_KEY_ID STATE_KEY_CORE",
        ["state recover core"] = "terraform core/cdk AWS_ACCESS_KEY_ID STATE_KEY_CORE",
        ["state rekey core"] = "AWS_ACCESS_KEY_ID STATE_KEY_CORE",
        ["charts crds envoy-gateway"] = "node",
        ["nodes cordon node-1 --reason test"] = "kubectl kubeconfig",
        ["nodes drain node-1 --reason test"] = "kubectl kubeconfig",
        ["nodes uncordon node-1"] = "kubectl kubeconfig",
    };

    // They need nothing at the start, or say what they could not read and continue.
    private static readonly HashSet<string> s_others =
    [
        "completion",
        "sandbox up",
        "sandbox status",
        "sandbox shell",
        "sandbox run",
        "sandbox drift",
        "sandbox fault",
        "sandbox down",
        "synth",
        "access offboard",
        "access upload-records",
        "state doctor",
        "state escrow",
    ];

    public static TheoryData<string> Commands => [.. s_needs.Keys];

    public static TheoryData<string, string> Single =>
        [.. from one in s_needs from need in one.Value.Split(' ') select new TheoryDataRow<string, string>(one.Key, need)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Command_without_anything_lists_all_that_is_missing(string command)
    {
        var needs = s_needs[command].Split(' ');
        var (code, error) = await RunAsync(command, []);

        Assert.True(code == ExitCode.Failed, error);
        var lines = error.TrimEnd('\n').Split('\n');
        if (needs.Length > 1)
        {
            Assert.Contains($" lacks {needs.Length} things; nothing was done:", lines[0], StringComparison.Ordinal);
            lines = lines[1..];
        }
        Assert.Equal(needs.Length, lines.Length);
        foreach (var need in needs)
            Assert.Single(lines, line => line.Contains(need, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Single))]
    public async Task Command_without_one_thing_names_it(string command, string need)
    {
        var (code, error) = await RunAsync(command, [.. s_needs[command].Split(' ').Where(one => one != need)]);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(need, Assert.Single(error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_is_in_a_table() =>
        Assert.Equal(
            CommandTree.Verbs.Select(one => one.Name).Order(),
            s_needs.Keys.Select(VerbOf).Concat(s_others).Distinct().Order()
        );

    [Fact]
    public void Secrets_of_the_list_are_those_that_the_system_stack_declares()
    {
        var file = Repository.PathOf("tests", "snapshots", "system.json");
        var stack = new StackDirectory("system", "", System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(file))!.AsObject());

        Assert.Equal(StackVariables.MissingSecrets(stack, new Dictionary<string, string>()).Order(), Secrets.Split(' ').Order());
    }

    [Theory]
    [InlineData("terraform", "Terraform v1.5.7", "terraform 1.11 or newer is needed, and ")]
    [InlineData("node", "v18.20.0", "node 20.0 or newer is needed, and ")]
    [InlineData("terraform", "Segmentation fault", "does not print its version (Segmentation fault)")]
    public async Task Old_program_is_named_with_its_version(string tool, string version, string said)
    {
        Program(tool, version);
        var (code, error) = await RunAsync("rehearse", tool == "node" ? ["terraform"] : ["node"]);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(said, Assert.Single(error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    private static string VerbOf(string line) =>
        CommandTree.Verbs.Single(one => $"{line} ".StartsWith($"{one.Name} ", StringComparison.Ordinal)).Name;

    public void Dispose() => _directory.Dispose();

    private async Task<(int Code, string Error)> RunAsync(string command, IReadOnlyCollection<string> given)
    {
        var environment = new Dictionary<string, string> { ["PATH"] = Bin, ["HOME"] = _directory.Path };
        foreach (var need in given)
            Give(need, environment);
        var error = new StringWriter();
        var workspace = new Workspace
        {
            Platform = Inventory.Platform,
            SharedServices = SharedServices.Needs,
            Synthesize = (_, _) => throw new InvalidOperationException("Nothing may be synthesized here."),
            Directory = _directory.Path,
            Output = Path.Combine(_directory.Path, "cdktf.out"),
            Environment = environment,
        };
        var code = await CommandLine.RunAsync(command.Split(' '), () => workspace, TextWriter.Null, error);
        return (code, error.ToString());
    }

    private string Bin => Directory.CreateDirectory(Path.Combine(_directory.Path, "bin")).FullName;

    private void Give(string need, Dictionary<string, string> environment)
    {
        switch (need)
        {
            case "terraform":
                Program(need, "Terraform v1.14.9");
                break;
            case "node":
                Program(need, "v22.1.0");
                break;
            case "kubectl":
                Program(need, "Client Version: v1.34.1");
                break;
            case "kubeconfig":
                environment["KUBECONFIG"] = Path.Combine(_directory.Path, "kubeconfig");
                File.WriteAllText(environment["KUBECONFIG"], "");
                break;
            case "AWS_ACCESS_KEY_ID":
                (environment[need], environment["AWS_SECRET_ACCESS_KEY"]) = ("id", "secret");
                break;
            case var _ when need.StartsWith("STATE_KEY_", StringComparison.Ordinal):
                environment[need] = StateKey.Generate().Base64;
                break;
            case var _ when need.EndsWith("/cdk", StringComparison.Ordinal):
                var stack = Path.Combine(_directory.Path, "cdktf.out", "stacks", need[..^"/cdk".Length]);
                File.WriteAllText(Path.Combine(Directory.CreateDirectory(stack).FullName, StackDirectory.FileName), "{}");
                break;
            default:
                environment[need] = "given";
                break;
        }
    }

    private void Program(string name, string version)
    {
        var file = Path.Combine(Bin, name);
        File.WriteAllText(file, $"#!/bin/sh\necho '{version}'\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
