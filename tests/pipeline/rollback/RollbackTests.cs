using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Rollback;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Pipeline.State;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Rollback;

/// <summary>rollback with the real Terraform and the archive on a real RADOS Gateway.</summary>
[Trait("Level", "real")]
public sealed class RollbackTests
{
    [Fact]
    public async Task Rollback_undoes_a_bad_and_a_failed_apply()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("deploy --yes")));
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("deploy development --yes", With(sandbox, "wrong"))));
        Assert.Equal("wrong", Network(sandbox));

        var rollback = await sandbox.RunAsync("rollback development --to last-good --yes --reason drill --json");

        Assert.True(rollback.Code == 0, rollback.Error);
        Assert.Equal("infra-core", Network(sandbox));
        Assert.Equal(0, (await sandbox.RunAsync("drift development")).Code);
        Assert.Contains("(limit: 15 minutes)", rollback.Error, StringComparison.Ordinal);
        var newest = await NewestAsync(sandbox);
        Assert.Equal(("rolledBack", "drill"), (Text(newest, "outcome"), Text(newest, "reason")));
        Assert.Equal(Text(JsonNode.Parse(rollback.Output)!, "to"), Text(newest, "wentBackTo"));

        // A failed apply leaves the objects that it had created. The rollback goes to the newest good version.
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "kubernetes_service_v1",
                Error = "services is forbidden: exceeded quota",
            }
        );
        var failed = await sandbox.RunAsync("deploy development --yes", With(sandbox, "half", more: true));
        sandbox.Sandbox.Account.ClearFaults();
        Assert.Equal(1, failed.Code);
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("rollback development --to last-good --yes")));
        Assert.Equal("infra-core", Network(sandbox));
        Assert.Equal(0, (await sandbox.RunAsync("drift development")).Code);
    }

    [Fact]
    public async Task Rollback_respects_prevent_destroy_and_needs_approval()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("deploy core --yes", WithVpc("us-ord", isProtected: true))));
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("deploy core --yes", WithVpc("us-sea", isProtected: false))));
        var before = sandbox.Sandbox.Account.Objects.Select(item => item.Key).ToList();

        var asked = await sandbox.RunAsync("rollback core --to last-good");
        var approved = await sandbox.RunAsync("rollback core --to last-good --yes");

        Assert.Equal((ExitCode.Usage, true), (asked.Code, asked.Error.Contains("add --yes", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Failed, approved.Code);
        Assert.Contains("Instance cannot be destroyed", approved.Error, StringComparison.Ordinal);
        Assert.Equal(before, sandbox.Sandbox.Account.Objects.Select(item => item.Key));

        // A VPC in another region is another VPC.
        Workspace WithVpc(string region, bool isProtected) =>
            With(
                sandbox,
                StackNames.Core,
                configuration =>
                    configuration["resource"]!["linode_vpc"]!["more"] = new JsonObject
                    {
                        ["label"] = "more",
                        ["region"] = region,
                        ["lifecycle"] = new JsonObject { ["prevent_destroy"] = isProtected },
                    }
            );
    }

    [Fact]
    public async Task Rollback_does_not_open_an_expired_override_again()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("deploy core development --yes", WithOverride("right"))));
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("deploy development --yes", WithOverride("wrong"))));

        var open = await sandbox.RunAsync("rollback development --to last-good --yes");
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("deploy development --yes")));
        var closed = await sandbox.RunAsync("rollback development --to last-good --yes");

        Assert.True(open.Code == 0, open.Output + open.Error);
        Assert.Contains(
            "still open after its override has expired: policy allow-override-report-egress",
            open.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(ExitCode.Failed, closed.Code);
        Assert.Contains(
            "would open expired overrides again: policy allow-override-report-egress",
            closed.Error,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(sandbox.Sandbox.Account.Objects, item => item.Type == "kubernetes_network_policy_v1");

        Workspace WithOverride(string network) =>
            With(
                sandbox,
                "development",
                configuration =>
                {
                    configuration["resource"]!["kubernetes_config_map_v1"]!["network"]!["data"]!["network"] = network;
                    configuration["resource"]!["kubernetes_network_policy_v1"] = JsonNode.Parse(
                        """
                        { "report": { "metadata": { "name": "allow-override-report-egress",
                                                    "namespace": "${kubernetes_namespace_v1.space.metadata[0].name}",
                                                    "annotations": { "override/expires": "2020-01-01" } },
                                      "spec": { "pod_selector": {}, "policy_types": ["Egress"] } } }
                        """
                    );
                }
            );
    }

    [Fact]
    public async Task Rollback_keeps_the_Terraform_of_the_current_state()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        var stack = sandbox.Platform.System.Name.Text;
        var workspace = sandbox.Workspace;
        using var buckets = StateBuckets.Open(sandbox.Platform, workspace.Environment);
        // The older version, written by an older Terraform. Its configuration allows no newer Terraform.
        var state = JsonNode.Parse((await LiveState.Of(buckets, sandbox.Platform, stack).ReadAsync(default))!)!;
        (state["serial"], state["terraform_version"]) = (0, "1.10.0");
        using var directory = new TemporaryDirectory();
        var then = workspace.Stack(stack).CopyTo(directory.Path);
        then.Configuration["terraform"]!["required_version"] = ">= 1.10.0, < 1.11.0";
        File.WriteAllText(Path.Combine(then.Path, StackDirectory.FileName), then.Configuration.ToJsonString());
        var facts = await RunContext.ReadAsync(workspace, default);
        var draft = ArchiveDraft.Of(
            then,
            Encoding.UTF8.GetBytes(state.ToJsonString()),
            facts,
            ApplyOutcome.Succeeded,
            workspace.Time.GetUtcNow()
        );
        var old = await StateArchive.Of(workspace, buckets).AddAsync(draft, default);

        var rollback = await sandbox.RunAsync($"rollback {stack} --to {old.Version} --yes");

        Assert.True(rollback.Code == 0, rollback.Output + rollback.Error);
        Assert.Contains(
            "Terraform stays at 1.11.4, which wrote the current state; the version was applied with 1.10.0",
            rollback.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Rollback_without_approval_changes_nothing()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("deploy development --yes", With(sandbox, "wrong"))));
        using var output = new CommandOutput(TextWriter.Null, TextWriter.Null, json: false, file: null);
        using var archiver = StackArchiver.Open(sandbox.Workspace, output.Line);

        // Without a terminal there is no answer to the question.
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() =>
            new StackRollback(sandbox.Workspace, archiver, output).RunAsync(
                "development",
                StateArchive.LastGood,
                reason: null,
                new Approval(output, given: false),
                default
            )
        );

        Assert.Equal("wrong", Network(sandbox));
    }

    [Fact]
    public async Task Rollback_needs_only_Terraform_and_this_program()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("deploy development --yes", With(sandbox, "wrong"))));
        using var elsewhere = new TemporaryDirectory();
        var programs = Directory.CreateDirectory(Path.Combine(elsewhere.Path, "programs")).FullName;
        foreach (var program in (string[])["terraform", "dotnet"])
            File.CreateSymbolicLink(Path.Combine(programs, program), DebianTools.PathOf(program)!);
        var clone = Directory.CreateDirectory(Path.Combine(elsewhere.Path, "clone")).FullName;
        sandbox.Sandbox.RecordIn(clone);

        var result = await ChildProcess.RunAsync(
            "dotnet",
            [typeof(PlatformApp).Assembly.Location, "rollback", "development", "--to", "last-good", "--yes"],
            clone,
            new Dictionary<string, string>(sandbox.Workspace.Environment)
            {
                ["PATH"] = programs,
                ["HOME"] = elsewhere.Path,
                // The runtime of this process: DOTNET_ROOT/shared/Microsoft.NETCore.App/VERSION.
                ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(typeof(object).Assembly.Location, "../../../..")),
            },
            line: null,
            CancellationToken.None
        );

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Equal("infra-core", Network(sandbox)); // core's output, read from core's state
        Assert.Contains("development: rolled back to ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_on_a_fresh_machine_applies_no_placeholder()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("deploy --yes")));
        Assert.Equal((0, ""), Ended(await sandbox.RunAsync("deploy development --yes", With(sandbox, "wrong"))));
        var store = sandbox.Sandbox.ObjectStore;
        var (bucket, key) = (sandbox.Platform.State.Bucket, StateAddress.Of(sandbox.Platform, StackNames.Core).Key);
        var state = JsonNode.Parse(store.Read(bucket, key, store.EncryptionKey)!)!.AsObject();

        using var buckets = KeyedWorkspace.Buckets(sandbox.Workspace);

        await buckets.Live.DeleteAsync(key, version: null, CancellationToken.None);
        await RefusedAsync("it needs values from core (network, subnets), and core has no state.");

        state["outputs"]!.AsObject().Remove("network");
        await KeyedWorkspace.PutAsync(buckets.Live, key, buckets.Keys.Of(StackNames.Core), state.ToJsonString());
        await RefusedAsync("it needs values from core, and core's state has no output network.");

        // The same if the outputs were copied before core had this one.
        await RefusedAsync("it needs values from core, and core's state has no output network.", """{"subnets":["nodes"]}""");

        async Task RefusedAsync(string message, string? outputs = null)
        {
            using var elsewhere = new TemporaryDirectory();
            sandbox.Sandbox.RecordIn(elsewhere.Path);
            var fresh = sandbox.Workspace with { Directory = elsewhere.Path, Output = Path.Combine(elsewhere.Path, "cdktf.out") };
            if (outputs is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(fresh.Outputs.FullPath)!);
                await File.WriteAllTextAsync(fresh.Outputs.FullPath, outputs);
            }

            var (code, _, error) = await sandbox.RunAsync("rollback development --to last-good --yes", fresh);

            Assert.Equal(ExitCode.Failed, code);
            Assert.Contains(message, error, StringComparison.Ordinal);
            Assert.Equal("wrong", Network(sandbox));
        }
    }

    private static (int, string) Ended((int Code, string Output, string Error) run) => (run.Code, run.Error);

    private static Workspace With(SandboxFixture sandbox, string network, bool more = false) =>
        With(
            sandbox,
            "development",
            configuration =>
            {
                configuration["resource"]!["kubernetes_config_map_v1"]!["network"]!["data"]!["network"] = network;
                if (more)
                    configuration["resource"]!["kubernetes_service_v1"] = JsonNode.Parse(
                        """
                        { "web": { "metadata": { "name": "web",
                                                 "namespace": "${kubernetes_namespace_v1.space.metadata[0].name}" },
                                   "spec": { "port": [{ "port": 80 }] } } }
                        """
                    );
            }
        );

    private static Workspace With(SandboxFixture sandbox, string changed, Action<JsonObject> edit) =>
        sandbox.Workspace with
        {
            Synthesize = (platform, output) =>
                SmallPlatform.Synthesize(
                    platform,
                    output,
                    (stack, configuration) =>
                    {
                        if (stack == changed)
                            edit(configuration);
                    }
                ),
        };

    private static string Network(SandboxFixture sandbox) =>
        sandbox.Sandbox.Account.Objects.Single(item => item.Type == "kubernetes_config_map_v1").Attributes["data"]![
            "network"
        ]!.GetValue<string>();

    private static async Task<JsonNode> NewestAsync(SandboxFixture sandbox)
    {
        var show = await sandbox.RunAsync("archive show development last-good --json");
        Assert.True(show.Code == 0, show.Error);
        return JsonNode.Parse(show.Output)!["manifest"]!;
    }

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();
}
