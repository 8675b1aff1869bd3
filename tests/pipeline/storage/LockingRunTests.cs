using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Pipeline.Storage;

/// <summary>What is said of the run behind a lock.</summary>
[Trait("Level", "pure")]
public sealed class LockingRunTests
{
    [Fact]
    public void A_run_on_another_machine_stays_unknown_and_its_page_is_named()
    {
        var elsewhere = LockingRun.Of(Holder("runner@fv-az1", "process 42, run https://github.com/o/r/actions/runs/7"));
        Assert.Null(elsewhere.Alive);
        Assert.Contains("https://github.com/o/r/actions/runs/7", elsewhere.Evidence, StringComparison.Ordinal);
        Assert.Null(LockingRun.Of(Holder("root@another-machine", "")).Alive);
    }

    [Fact]
    public void A_process_of_this_machine_lives_or_has_ended()
    {
        var mine = $"process {System.Environment.ProcessId}";
        Assert.True(LockingRun.Of(Holder(LockingRun.Who, mine)).Alive);
        Assert.False(LockingRun.Of(Holder(LockingRun.Who, "process 999999999")).Alive);
        // Somebody else has the number by now: this process began after the lock was taken.
        Assert.False(LockingRun.Of(Holder(LockingRun.Who, mine) with { Created = DateTimeOffset.UtcNow.AddDays(-30) }).Alive);
    }

    [Fact]
    public void The_run_on_GitHub_is_in_the_lock()
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
    public void A_holder_is_described_in_one_sentence()
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
