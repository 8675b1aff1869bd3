using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>A stop during the creates leaves tainted objects: what the commands say, and the way out.</summary>
public sealed class TaintedObjectsTests
{
    private const string Vpc = "linode_vpc.main";

    [Theory]
    [Trait("Level", "pure")]
    [InlineData(null, TaintedCondition.Ready)] // a bucket, a VPC
    [InlineData("ready", TaintedCondition.Ready)]
    [InlineData("active", TaintedCondition.Ready)]
    [InlineData("provisioning", TaintedCondition.NotReady)]
    [InlineData("failed", TaintedCondition.Failed)]
    public void Condition_follows_from_the_status(string? status, TaintedCondition condition)
    {
        var item = new StateObject("linode_database_postgresql_v2.a", "linode_database_postgresql_v2", "7", null)
        {
            Attributes = new() { ["status"] = "provisioning" },
        };
        var plan = new JsonObject
        {
            ["resource_drift"] = new JsonArray(
                new JsonObject
                {
                    ["address"] = item.Address,
                    ["change"] = new JsonObject
                    {
                        ["actions"] = new JsonArray("update"),
                        ["after"] = new JsonObject { ["status"] = status },
                    },
                }
            ),
        };

        Assert.Equal(condition, TaintedObjects.Read(item, plan).Condition);
    }

    [Theory]
    [Trait("Level", "pure")]
    [InlineData("\"secret_key\": \"abc\"", "", true)] // a stop came after the answer
    [InlineData("\"secret_key\": null", "", false)] // imported: the next apply replaces it on purpose
    [InlineData("\"secret_key\": \"abc\"", "\"deposed\": \"00000001\", ", false)] // the next apply deletes it
    public void Tainted_key_with_its_secret_is_kept(string secret, string deposed, bool isKept)
    {
        var state = StateFile.FromPull(
            $$"""
            {
              "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "outputs": {}, "resources": [
                { "mode": "managed", "type": "linode_object_storage_key", "name": "a", "instances": [
                  { {{deposed}}"status": "tainted", "attributes": { "id": "7", {{secret}} } } ] } ]
            }
            """
        );

        Assert.Equal(isKept ? ["linode_object_storage_key.a"] : [], TaintedObjects.Of(state));
    }

    [Fact]
    [Trait("Level", "real")]
    public async Task Stopped_create_of_a_protected_object_is_kept()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var stopped = await StopAsync(sandbox);
        var id = Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "linode_vpc").Id;

        var doctor = await sandbox.RunAsync("state doctor core");
        var refused = await sandbox.RunAsync("deploy core --yes");
        var recovered = await sandbox.RunAsync("state recover core");
        var deployed = await sandbox.RunAsync("deploy core --yes");

        Assert.Contains($"1 create(s) were under way: {Vpc}. Run \"state recover core\"", stopped, StringComparison.Ordinal);
        Assert.Contains("WRONG  tainted objects of core: ", doctor.Output, StringComparison.Ordinal);
        Assert.Contains($"core: {Vpc} is tainted", refused.Output, StringComparison.Ordinal);
        Assert.Contains("Instance cannot be destroyed", refused.Error, StringComparison.Ordinal);
        Assert.True(recovered.Code == 0, recovered.Output + recovered.Error);
        Assert.Contains($"core: {Vpc} exists and is ready (id {id})", recovered.Output, StringComparison.Ordinal);
        Assert.True(deployed.Code == 0, deployed.Error);
        Assert.Equal(id, Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "linode_vpc").Id);
        Assert.Equal(0, (await sandbox.RunAsync("drift core")).Code);
    }

    [Fact]
    [Trait("Level", "real")]
    public async Task Tainted_object_that_does_not_exist_leaves_the_state()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await StopAsync(sandbox);
        var vpc = Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "linode_vpc");
        sandbox.Sandbox.Account.Remove(vpc.Type, vpc.Id);

        var recovered = await sandbox.RunAsync("state recover core");
        var deployed = await sandbox.RunAsync("deploy core --yes");

        Assert.Contains(
            $"core: {Vpc} does not exist (id {vpc.Id}): removed from the state",
            recovered.Output,
            StringComparison.Ordinal
        );
        Assert.True(recovered.Code == 0, recovered.Output + recovered.Error);
        Assert.True(deployed.Code == 0, deployed.Error);
    }

    [Fact]
    [Trait("Level", "real")]
    public async Task Failed_object_is_replaced_only_by_choice()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Synthesize = WithDatabase };
        await StopAsync(sandbox, workspace, "linode_database_postgresql_v2");
        var failed = Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "linode_database_postgresql_v2");
        sandbox.Sandbox.Account.Edit(failed.Type, failed.Id, database => database["status"] = "failed");
        const string replace = "state recover core --replace 'linode_database_postgresql_v2.main'";

        var named = await sandbox.RunAsync("state recover core", workspace);
        var wrong = await sandbox.RunAsync($"state recover core --replace {Vpc}", workspace);
        var replaced = await sandbox.RunAsync($"{replace.Replace("'", "", StringComparison.Ordinal)} --yes", workspace);
        var deployed = await sandbox.RunAsync("deploy core --yes", workspace);

        Assert.Equal(ExitCode.Failed, named.Code);
        Assert.Contains($"its creation failed (id {failed.Id}, status failed)", named.Output, StringComparison.Ordinal);
        Assert.Contains($"\"{replace}\"", named.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"--replace {Vpc}: allowed: linode_database_postgresql_v2.main. Run the command again without it.",
            wrong.Error,
            StringComparison.Ordinal
        );
        Assert.True(replaced.Code == 0, replaced.Output + replaced.Error);
        Assert.Contains("is replaced as you chose", replaced.Output, StringComparison.Ordinal);
        Assert.True(deployed.Code == 0, deployed.Output + deployed.Error);
        var now = Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "linode_database_postgresql_v2");
        Assert.NotEqual(failed.Id, now.Id);
        Assert.Equal(0, (await sandbox.RunAsync("drift core", workspace)).Code);
    }

    // Terraform is killed while it waits for the database, and the database fails.
    [Fact]
    [Trait("Level", "real")]
    public async Task Failed_object_of_a_killed_apply_is_not_taken_as_good()
    {
        const string type = "linode_database_postgresql_v2";
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Synthesize = WithDatabase };
        await KillAsync(sandbox, workspace, type);
        var failed = Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == type);
        sandbox.Sandbox.Account.Edit(failed.Type, failed.Id, database => database["status"] = "failed");
        workspace = workspace with { Time = new FakeTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(3)) };

        var asked = await sandbox.RunAsync("state recover core --yes", workspace);
        Assert.Equal(ExitCode.Failed, asked.Code);
        Assert.DoesNotContain($"imported into the state: {type}", asked.Output, StringComparison.Ordinal);
        Assert.Contains("status failed. Its creation failed", asked.Output, StringComparison.Ordinal);
        var answer = $"state recover core --adopt '{type}.main={failed.Id}' --replace '{type}.main' --yes";
        Assert.Contains(answer, asked.Output, StringComparison.Ordinal);

        // Adopted without --replace it is in the state as Terraform leaves a failed create: tainted.
        var kept = $"state recover core --adopt {type}.main={failed.Id}";
        var adopted = await sandbox.RunAsync(kept, workspace);
        Assert.Equal(ExitCode.Failed, adopted.Code);
        Assert.Contains($"its creation failed (id {failed.Id}, status failed)", adopted.Output, StringComparison.Ordinal);
        var replaced = await sandbox.RunAsync($"state recover core --replace {type}.main --yes", workspace);
        Assert.True(replaced.Code == ExitCode.Done, replaced.Output + replaced.Error);
        var deployed = await sandbox.RunAsync("deploy core --yes", workspace);
        Assert.True(deployed.Code == ExitCode.Done, deployed.Output + deployed.Error);
        Assert.NotEqual(failed.Id, Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == type).Id);
    }

    private static async Task KillAsync(SandboxFixture sandbox, Workspace workspace, string type)
    {
        var hold = new Hold();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = type,
                AfterEffect = true,
                Hold = hold,
            }
        );
        var deploy = sandbox.RunAsync("deploy core --yes", workspace);
        await hold.ReachedAsync(Patience.Token);
        TerraformProcesses.Kill(workspace, StackNames.Core);
        await hold.LeftAsync(Patience.Token);
        Assert.Equal(ExitCode.Failed, (await deploy).Code);
        sandbox.Sandbox.Account.ClearFaults();
    }

    private static void WithDatabase(InfraCdktf.Environments.Model.PlatformSpec platform, string output) =>
        SmallPlatform.Synthesize(
            platform,
            output,
            (stack, configuration) =>
            {
                if (stack != StackNames.Core)
                    return;
                configuration["resource"]!["linode_database_postgresql_v2"] = JsonNode.Parse(
                    """
                    {
                      "main": {
                        "label": "infra-pg", "engine_id": "postgresql/16", "region": "us-ord", "type": "g6-standard-1",
                        "cluster_size": 1, "lifecycle": { "prevent_destroy": true }
                      }
                    }
                    """
                );
            }
        );

    private static Task<string> StopAsync(SandboxFixture sandbox) => StopAsync(sandbox, sandbox.Workspace, "linode_vpc");

    /// <summary>Stops a deploy of core while an object exists and is waited for.</summary>
    private static async Task<string> StopAsync(SandboxFixture sandbox, Workspace workspace, string type)
    {
        var hold = new Hold();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = type,
                AfterEffect = true,
                Hold = hold,
            }
        );
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var stop = new CancellationTokenSource();
        var (output, error) = (new StringWriter(), new StringWriter());
        var deploy = CommandLine.RunAsync(["deploy", StackNames.Core, "--yes"], () => workspace, output, error, stop.Token);
        await hold.ReachedAsync(patience.Token);
        await stop.CancelAsync();
        Assert.NotEqual(0, await deploy);
        sandbox.Sandbox.Account.ClearFaults();
        return output.ToString();
    }
}
