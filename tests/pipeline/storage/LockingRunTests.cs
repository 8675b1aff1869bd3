using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Pipeline.Storage;

/// <summary>The state and the description of the run behind a lock.</summary>
[Trait("Level", "pure")]
public sealed class LockingRunTests
{
    [Fact]
    public void Locking_run_on_another_machine_is_unknown_with_its_link()
    {
        var elsewhere = LockingRun.Of(Holder("runner@fv-az1", "process 42, run https://github.com/o/r/actions/runs/7"));
        Assert.Null(elsewhere.Alive);
        Assert.Contains("https://github.com/o/r/actions/runs/7", elsewhere.Evidence, StringComparison.Ordinal);
        Assert.Null(LockingRun.Of(Holder("root@another-machine", "")).Alive);
    }

    [Fact]
    public void Locking_run_on_this_machine_is_running_or_has_ended()
    {
        var mine = ProcessIdentity.Own!;
        Assert.True(LockingRun.Of(Holder(LockingRun.Who, $"{mine}")).Alive);
        Assert.False(LockingRun.Of(Holder(LockingRun.Who, $"{mine with { Id = 999999999 }}")).Alive);
        // Another process has the same number: it started at another time.
        Assert.False(LockingRun.Of(Holder(LockingRun.Who, $"{mine with { Start = "1" }}")).Alive);
        // The clock plays no part.
        var old = Holder(LockingRun.Who, $"{mine}") with
        {
            Created = DateTimeOffset.UtcNow.AddDays(-30),
        };
        Assert.True(LockingRun.Of(old).Alive);
    }

    [Fact]
    public void Locking_run_that_cannot_be_seen_is_unknown()
    {
        var mine = ProcessIdentity.Own!;
        ProcessIdentity[] elsewhere =
        [
            mine with
            {
                Boot = "0b0dd0c4-8a5e-4e6e-9d5e-000000000000",
            }, // before this start, or on another machine of this name
            mine with
            {
                Namespace = "pid:[1]",
            }, // in another container
        ];
        Assert.All(elsewhere, process => Assert.Null(LockingRun.Of(Holder(LockingRun.Who, $"{process}")).Alive));
        // Locks that do not identify their process: Terraform's, and those of earlier versions of this program.
        Assert.Null(LockingRun.Of(Holder(LockingRun.Who, "") with { Created = DateTimeOffset.UnixEpoch }).Alive);
        var earlier = Holder(LockingRun.Who, "process 999999999") with { Created = DateTimeOffset.UnixEpoch };
        Assert.Null(LockingRun.Of(earlier).Alive);
    }

    [Fact]
    public void Lock_info_contains_the_run_on_GitHub()
    {
        var environment = new Dictionary<string, string>
        {
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_REPOSITORY"] = "o/r",
            ["GITHUB_RUN_ID"] = "7",
        };
        Assert.EndsWith(", run https://github.com/o/r/actions/runs/7", LockingRun.Info(environment), StringComparison.Ordinal);
        var alone = LockingRun.Info(new Dictionary<string, string>());
        Assert.StartsWith($"process {System.Environment.ProcessId} (start ", alone, StringComparison.Ordinal);
        Assert.Equal(ProcessIdentity.Own, ProcessIdentity.In(alone));
    }

    [Fact]
    public void Lock_holder_is_described_in_one_sentence()
    {
        var holder = Holder("root@m", "") with { Created = new(2026, 11, 21, 18, 0, 0, TimeSpan.Zero) };
        Assert.Equal(
            "root@m since 2026-11-21 18:00:00 UTC (12 min), for apply",
            holder.Describe(holder.Created.AddMinutes(12.9))
        );
    }

    private static LockHolder Holder(string who, string info) =>
        new()
        {
            Id = "id",
            Operation = "OperationTypeApply",
            Who = who,
            Info = info,
            Created = DateTimeOffset.UtcNow,
        };
}
