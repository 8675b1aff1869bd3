using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

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

    /// <summary>Stops a deploy of core while the VPC exists and is waited for.</summary>
    private static async Task<string> StopAsync(SandboxFixture sandbox)
    {
        var hold = new Hold();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_vpc",
                AfterEffect = true,
                Hold = hold,
            }
        );
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var stop = new CancellationTokenSource();
        var (output, error) = (new StringWriter(), new StringWriter());
        var deploy = CommandLine.RunAsync(
            ["deploy", StackNames.Core, "--yes"],
            () => sandbox.Workspace,
            output,
            error,
            stop.Token
        );
        await hold.ReachedAsync(patience.Token);
        await stop.CancelAsync();
        Assert.NotEqual(0, await deploy);
        sandbox.Sandbox.Account.ClearFaults();
        return output.ToString();
    }
}
