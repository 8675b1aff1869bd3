namespace InfraCdktf.Tests.Support;

/// <summary>A clock that always returns 12:00 UTC of one day.</summary>
/// <param name="day">The day.</param>
public sealed class FixedClock(DateOnly day) : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(day, new TimeOnly(12, 0), TimeSpan.Zero);
}
