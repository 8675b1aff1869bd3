using InfraCdktf.Pipeline.Archive;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Pipeline.Archive;

[Trait("Level", "pure")]
public sealed class TransferProgressTests
{
    [Fact]
    public void Transfer_progress_is_reported_every_two_seconds()
    {
        var (said, clock) = (new List<string>(), new FakeTimeProvider());
        var progress = new TransferProgress(said.Add, clock);
        foreach (var (second, sent) in new[] { (0, 1), (1, 2), (2, 3), (3, 4), (5, 5), (6, 6), (60, 1), (61, 6) })
        {
            clock.SetUtcNow(clock.Start.AddSeconds(second));
            progress.Report("core, state", sent * 1_000_000, 6_000_000);
        }

        Assert.Equal(["archive: core, state: 3.0 of 6.0 MB", "archive: core, state: 5.0 of 6.0 MB"], said);
    }
}
