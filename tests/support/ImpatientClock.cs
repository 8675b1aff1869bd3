using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Support;

/// <summary>A fake clock on which a wait ends at once. A time limit is longer than every wait, and needs the clock.</summary>
/// <param name="longest">The longest wait; a longer timer is a time limit.</param>
internal sealed class ImpatientClock(TimeSpan longest) : FakeTimeProvider(new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero))
{
    private readonly ConcurrentQueue<TimeSpan> _waits = [];

    /// <summary>The waits so far.</summary>
    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime > longest)
            return base.CreateTimer(callback, state, dueTime, period);
        _waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
