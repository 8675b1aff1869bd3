using System.Text.Json;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>state unlock on a real RADOS Gateway: it releases the lock of a run that has ended, and no other lock.</summary>
[Trait("Level", "real")]
public sealed class StateUnlockTests
{
    private const string Stack = "system";

    [Fact]
    public async Task Unlock_releases_an_ended_runs_lock_with_a_reason()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        var workspace = KeyedWorkspace.Of(store);
        using var buckets = KeyedWorkspace.Buckets(workspace);
        var stateLock = StateLock.Of(buckets, store.Platform, Stack);
        var impatient = workspace with { LockTimeout = TimeSpan.Zero };
        var left = new LockHolder
        {
            Id = "5b0a3d3c-6a3b-2b1e-9a49-1d1f5d1c7f11",
            Operation = "OperationTypeApply",
            Who = LockingRun.Who,
            Version = "1.11.4",
            Created = DateTimeOffset.UtcNow.AddDays(-30),
        };
        await KeyedWorkspace.PutAsync(
            buckets.Live,
            StateAddress.Of(store.Platform, Stack).LockKey,
            buckets.Keys.Of(Stack),
            JsonSerializer.Serialize(left)
        );
        Assert.Equal(1, (await store.RunAsync("deploy system --yes", impatient)).Code);

        var (code, output, _) = await store.RunAsync("state doctor system", workspace);
        // Nobody can know from here whether the holder has ended: the lock has only user and machine.
        Assert.Equal(0, code);
        Assert.Contains($"?      leftover lock of system: held by {LockingRun.Who} since ", output, StringComparison.Ordinal);
        Assert.Contains(
            "(30 days), for apply. The lock does not name its process, and no terraform process of this state that started "
                + "before the lock can be seen here. Another machine or container can have the same name.",
            output,
            StringComparison.Ordinal
        );
        var named = "\"state unlock system --yes --reason 'its run has ended'\"";
        Assert.Contains($"When that run has ended: {named}.", output, StringComparison.Ordinal);

        // Without a terminal the question cannot be answered.
        Assert.Equal(64, (await store.RunAsync("state unlock system --reason crashed", workspace)).Code);
        Assert.NotNull(await stateLock.ReadAsync(default));
        var unlocked = await store.RunAsync("state unlock system --reason crashed --yes", workspace);
        Assert.True(unlocked.Code == 0, unlocked.Error);
        Assert.Contains($"lock {left.Id}. The lock does not", unlocked.Output, StringComparison.Ordinal);
        Assert.Null(await stateLock.ReadAsync(default));
        var record = Assert.Single(await StateArchive.Of(workspace, buckets).Audit.ListAsync(Stack, default));
        Assert.Equal(("state unlock", "crashed"), (record.Kind, record.Reason));
        Assert.Contains(left.Id, record.Body.ToString(), StringComparison.Ordinal);

        Assert.Contains(
            "not locked",
            (await store.RunAsync("state unlock system --reason again --yes", workspace)).Output,
            StringComparison.Ordinal
        );
        Assert.Equal(0, (await store.RunAsync("deploy system --yes", impatient)).Code);
    }

    [Fact]
    public async Task Unlock_refuses_to_release_the_lock_of_a_running_run()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        var workspace = KeyedWorkspace.Of(store);
        using var buckets = KeyedWorkspace.Buckets(workspace);
        await using var held = await StateLock
            .Of(buckets, store.Platform, Stack)
            .TakeAsync(Stack, "restore", workspace.Environment, default);

        var (code, output, error) = await store.RunAsync("state unlock system --reason impatient --yes", workspace);
        Assert.Equal(1, code);
        Assert.Contains($"Process {System.Environment.ProcessId} is running on this machine.", output, StringComparison.Ordinal);
        Assert.Contains("the run that holds the lock is running, so the lock is not released.", error, StringComparison.Ordinal);
        Assert.Contains(
            "good   leftover lock of system: held by ",
            (await store.RunAsync("state doctor system", workspace)).Output,
            StringComparison.Ordinal
        );
        await held.ReleaseAsync(default);
    }
}
