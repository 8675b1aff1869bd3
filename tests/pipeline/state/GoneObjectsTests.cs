using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>An object was deleted, and Terraform was killed before it noticed: the plan has nothing left to do.</summary>
[Trait("Level", "real")]
public sealed class GoneObjectsTests
{
    private const string Firewall = "linode_firewall.nodes";

    [Theory]
    [InlineData(true)] // the older object of a replacement
    [InlineData(false)] // an object that left the configuration
    public async Task Deploy_removes_what_is_gone_from_the_state(bool isDeposed)
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        await LoseFirewallAsync(sandbox, isDeposed);
        var workspace = sandbox.Workspace with
        {
            Synthesize = (platform, output) =>
                SmallPlatform.Synthesize(
                    platform,
                    output,
                    (_, configuration) => (configuration["resource"] as JsonObject)?.Remove("linode_firewall")
                ),
        };

        var (code, output, error) = await sandbox.RunAsync("deploy core --yes", workspace);

        Assert.True(code == ExitCode.Done, error);
        Assert.Contains(" does not exist any more: it leaves the state.", output, StringComparison.Ordinal);
        Assert.DoesNotContain(await ArchivedStateAsync(sandbox), item => item.Instance == Firewall);
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("state doctor core", workspace)).Code);
    }

    [Fact]
    public async Task Destroy_empties_a_state_whose_objects_are_gone()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        foreach (var item in sandbox.Sandbox.Account.Objects.Where(item => item.Id.StartsWith("development", Ordinal)))
            sandbox.Sandbox.Account.Remove(item.Type, item.Id);

        var (code, _, error) = await sandbox.RunAsync(
            $"destroy development --yes --confirm {sandbox.Platform.Project} --skip-synth"
        );

        Assert.True(code == ExitCode.Done, error);
        Assert.Empty(await ArchivedStateAsync(sandbox, "development"));
    }

    [Fact]
    [Trait("Level", "pure")]
    public void Objects_with_a_key_are_wanted_under_their_name()
    {
        var state = StateFile.FromPull(
            """
            { "version": 4, "serial": 1, "lineage": "l", "outputs": {}, "resources": [
              { "mode": "managed", "type": "linode_vpc", "name": "a", "instances": [
                { "index_key": 0, "attributes": { "id": "1" } }, { "index_key": "x.y", "attributes": { "id": "2" } } ] },
              { "mode": "managed", "type": "linode_vpc", "name": "b", "instances": [ { "attributes": { "id": "3" } } ] } ] }
            """
        );
        var configuration = JsonNode.Parse("""{ "resource": { "linode_vpc": { "a": {} } } }""")!.AsObject();

        Assert.Equal(["linode_vpc.b"], GoneObjects.Of(state, configuration));
        Assert.Equal(3, GoneObjects.Of(state, configuration: null).Count);
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static async Task LoseFirewallAsync(SandboxFixture sandbox, bool isDeposed)
    {
        var firewall = sandbox.Sandbox.Account.Objects.Single(item => item.Type == "linode_firewall");
        sandbox.Sandbox.Account.Remove(firewall.Type, firewall.Id);
        if (!isDeposed)
            return;
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        var live = LiveState.Of(buckets, sandbox.Platform, StackNames.Core);
        var state = StateDraft.Parse(Encoding.UTF8.GetString((await live.ReadAsync(default))!));
        state.PutBack(state.SetAside(Firewall, _ => false));
        state.SetSerial(state.Content.Serial + 1);
        await live.WriteAsync(Encoding.UTF8.GetBytes(state.Text), default);
    }

    private static async Task<IReadOnlyList<StateObject>> ArchivedStateAsync(
        SandboxFixture sandbox,
        string stack = StackNames.Core
    )
    {
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        var archive = StateArchive.Of(sandbox.Workspace, buckets);
        var newest = (await archive.ListAsync(stack, default))[0];
        return StateFile.Parse(await archive.ReadStateAsync(newest, default)).Objects;
    }
}
