using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// A fake clock that reports each wait, so that a test can act while a command waits, and then let the time pass.
/// </summary>
/// <param name="start">The time at the start.</param>
internal sealed class SteppedClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
            _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until something on this clock waits for exactly this time.</summary>
    public async Task WaitedAsync(TimeSpan wait, CancellationToken cancellation)
    {
        while (await _waits.Reader.ReadAsync(cancellation) != wait) { }
    }

    /// <summary>Lets the time pass whenever something waits for it, until the work is done.</summary>
    /// <returns>The result of the work.</returns>
    public async Task<T> PassAsync<T>(Task<T> work)
    {
        while (true)
        {
            using var done = new CancellationTokenSource();
            var wait = _waits.Reader.ReadAsync(done.Token).AsTask();
            if (await Task.WhenAny(work, wait).WaitAsync(Patience.Longest) == work)
            {
                await done.CancelAsync();
                return await work;
            }
            Advance(await wait);
        }
    }
}
