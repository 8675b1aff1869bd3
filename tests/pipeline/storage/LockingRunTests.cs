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
        var mine = $"process {System.Environment.ProcessId}";
        Assert.True(LockingRun.Of(Holder(LockingRun.Who, mine)).Alive);
        Assert.False(LockingRun.Of(Holder(LockingRun.Who, "process 999999999")).Alive);
        // Another process has the same number: this process started after the lock was taken.
        Assert.False(LockingRun.Of(Holder(LockingRun.Who, mine) with { Created = DateTimeOffset.UtcNow.AddDays(-30) }).Alive);
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
        Assert.Equal($"process {System.Environment.ProcessId}", LockingRun.Info(new Dictionary<string, string>()));
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
