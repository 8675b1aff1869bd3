using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>state restore on a real RADOS Gateway.</summary>
[Trait("Level", "real")]
public sealed class RestoreTests
{
    private const string Stack = "system";

    [Fact]
    public async Task Restore_repairs_cut_and_deleted_states_with_higher_serials()
    {
        await using var sandbox = await StartAsync();
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        var live = LiveState.Of(buckets, sandbox.Platform, Stack);
        var whole = (await live.ReadAsync(CancellationToken.None))!;
        await live.WriteAsync(whole[..(whole.Length / 2)], CancellationToken.None);

        var cutOff = await sandbox.RunAsync($"state restore {Stack} last-good --json");

        Assert.True(cutOff.Code == 0, cutOff.Error);
        var result = JsonNode.Parse(cutOff.Output)!;
        Assert.Equal(StateFile.Parse(whole).Serial + 1, result["serial"]!.GetValue<long>());
        Assert.StartsWith($"{Stack}/damaged/", result["replaced"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(await StateLock.Of(buckets, sandbox.Platform, Stack).ReadAsync(CancellationToken.None));

        await buckets.Live.DeleteAsync($"{Stack}/terraform.tfstate", version: null, CancellationToken.None);
        var deleted = await sandbox.RunAsync($"state restore {Stack} last-good --json");
        Assert.True(deleted.Code == 0, deleted.Error);
        Assert.Null(JsonNode.Parse(deleted.Output)!["replaced"]);
        Assert.Equal(0, (await sandbox.RunAsync($"drift {Stack}")).Code);
        var newest = (await StateArchive.Of(sandbox.Workspace, buckets).ListAsync(Stack, CancellationToken.None))[0].Manifest;
        Assert.Equal((ApplyOutcome.Restored, StateFile.Parse(whole).Serial + 2), (newest.Outcome, newest.Serial));
    }

    [Fact]
    public async Task Restore_of_an_older_state_needs_force_and_a_reason()
    {
        await using var sandbox = await StartAsync();
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        var archive = StateArchive.Of(sandbox.Workspace, buckets);
        var live = LiveState.Of(buckets, sandbox.Platform, Stack);
        var first = (await archive.ListAsync(Stack, CancellationToken.None))[0].Version;
        // A state that was applied by other means: newer, and not in the archive.
        var newer = JsonNode.Parse((await live.ReadAsync(CancellationToken.None))!)!.AsObject();
        newer["serial"] = newer["serial"]!.GetValue<long>() + 5;
        await live.WriteAsync(Encoding.UTF8.GetBytes(newer.ToJsonString()), CancellationToken.None);

        var refused = await sandbox.RunAsync($"state restore {Stack} {first}");
        var unexplained = await sandbox.RunAsync($"state restore {Stack} {first} --force");
        var forced = await sandbox.RunAsync($"state restore {Stack} {first} --force --reason drill --json");

        Assert.Equal(ExitCode.Failed, refused.Code);
        Assert.Contains("the live state is newer", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"rollback {Stack} --to {first}", refused.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, unexplained.Code);
        Assert.True(forced.Code == 0, forced.Error);
        var replaced = JsonNode.Parse(forced.Output)!["replaced"]!.GetValue<string>();
        var entries = await archive.ListAsync(Stack, CancellationToken.None);
        Assert.Equal("drill", entries[0].Manifest.Reason);
        var kept = entries.Single(entry => entry.Version == replaced).Manifest;
        Assert.Equal((newer["serial"]!.GetValue<long>(), ApplyOutcome.Replaced), (kept.Serial, kept.Outcome));
        Assert.Equal(newer["serial"]!.GetValue<long>() + 1, entries[0].Manifest.Serial);
    }

    [Fact]
    public async Task Restore_refuses_another_lineage_and_a_held_lock()
    {
        await using var sandbox = await StartAsync();
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        var live = LiveState.Of(buckets, sandbox.Platform, Stack);
        var other = JsonNode.Parse((await live.ReadAsync(CancellationToken.None))!)!.AsObject();
        other["lineage"] = "11111111-2222-3333-4444-555555555555";
        var content = Encoding.UTF8.GetBytes(other.ToJsonString());
        await live.WriteAsync(content, CancellationToken.None);

        var lineage = await sandbox.RunAsync($"state restore {Stack} last-good");
        (int Code, string Output, string Error) locked;
        var stateLock = StateLock.Of(buckets, sandbox.Platform, Stack);
        await using (await stateLock.TakeAsync(Stack, "drill", sandbox.Workspace.Environment, CancellationToken.None))
            locked = await sandbox.RunAsync($"state restore {Stack} last-good --force --reason drill");

        Assert.Contains("another lineage", lineage.Error, StringComparison.Ordinal);
        Assert.Contains("is held by", locked.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (lineage.Code, locked.Code));
        Assert.Equal(content, await live.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Restore_after_a_kill_does_not_select_the_replaced_state()
    {
        await using var sandbox = await StartAsync();
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        var live = LiveState.Of(buckets, sandbox.Platform, Stack);
        var other = JsonNode.Parse((await live.ReadAsync(CancellationToken.None))!)!.AsObject();
        var lineage = other["lineage"]!.GetValue<string>();
        (other["lineage"], other["serial"], other["resources"]) = ("11111111-2222-3333-4444-555555555555", 99, new JsonArray());
        await live.WriteAsync(Encoding.UTF8.GetBytes(other.ToJsonString()), CancellationToken.None);
        using (var archiver = StackArchiver.Open(sandbox.Workspace, _ => { }))
            await archiver.KeepReplacedAsync(Stack, CancellationToken.None); // the last step of a restore before its write

        var again = await sandbox.RunAsync($"state restore {Stack} last-good --force --reason drill");

        Assert.True(again.Code == 0, again.Output + again.Error);
        Assert.Equal(lineage, LiveState.TryParse(await live.ReadAsync(CancellationToken.None))!.Lineage);
    }

    private static async Task<SandboxFixture> StartAsync()
    {
        var sandbox = await SandboxFixture.StartOnRgwAsync();
        var deploy = await sandbox.RunAsync($"deploy {Stack} --yes");
        Assert.True(deploy.Code == 0, deploy.Error);
        return sandbox;
    }
}
