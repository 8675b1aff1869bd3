using InfraCdktf.Pipeline.Cli;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>The lines of a step that takes long.</summary>
[Trait("Level", "pure")]
public sealed class LongStepTests
{
    private readonly FakeTimeProvider _time = new(new(2026, 11, 30, 3, 12, 5, TimeSpan.Zero));
    private readonly List<string> _lines = [];

    [Fact]
    public async Task Long_step_is_named_with_its_reason_until_it_ends()
    {
        var end = new TaskCompletionSource<int>();
        var running = new LongStep(_time, _lines.Add).RunAsync("importing linode_vpc.main", "It waits.", () => end.Task);

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(_lines);
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(30));
        end.SetResult(7);
        Assert.Equal(7, await running);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(
            [
                "still importing linode_vpc.main, since 03:12:05Z (10 s). It waits.",
                "still importing linode_vpc.main, since 03:12:05Z (40 s). It waits.",
            ],
            _lines
        );
    }

    [Fact]
    public async Task Failed_step_is_not_named_any_more()
    {
        var failed = new LongStep(_time, _lines.Add).RunAsync<int>("planning", reason: null, () => throw new TimeoutException());

        await Assert.ThrowsAsync<TimeoutException>(() => failed);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_lines);
    }
}
