using System.Collections.Concurrent;
using System.Diagnostics;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// Deploys and destroys of the shipped stacks are killed at moments that a seed chooses, while calls are in flight. Then a person
/// runs the commands that the doctor names, and the killed command again. Account, cluster, state and archive must agree.
/// </summary>
[Trait("Level", "real")]
public sealed class KillTests(ITestOutputHelper log)
{
    /// <summary>Set to 1 for 200 kills instead of a sample.</summary>
    private const string Long = "LONG_TESTS";

    private const int Sample = 10;
    private const int Whole = 200;

    // From the first doctor to the end of the killed command. docs/runbooks/state.md promises it.
    private const int MostCommands = 6;

    // One of its ten cases ended with a stack trace on 2026-11-30.
    private const int UsualSeed = 561737661;

    [Fact]
    public async Task Kill_loses_doubles_and_replaces_nothing()
    {
        var all = System.Environment.GetEnvironmentVariable(Long) == "1";
        // A sample of chosen cases: a change is not blamed for a defect that only another seed shows. TEST_SEED takes others.
        var first = TestRandom.Seed(all ? null : UsualSeed);
        await using var platform = new KillPlatform();
        var results = new ConcurrentBag<KillResult>();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, all ? Whole : Sample).Select(index => (first + index) & int.MaxValue),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (seed, _) =>
            {
                var result = await KilledRun.RunAsync(platform, seed, all);
                results.Add(result);
                log.WriteLine($"{result}");
            }
        );
        log.WriteLine(KillFigures.Of([.. results], clock.Elapsed));
        Assert.Contains(
            $"at most {MostCommands} commands",
            File.ReadAllText(Repository.PathOf("docs", "runbooks", "state.md")),
            StringComparison.Ordinal
        );
        var wrong = results.Where(result => result.Wrong.Count > 0 || result.Commands.Count > MostCommands).ToList();
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong.Select(result => $"{result}\n{result.Log}")));
    }
}
