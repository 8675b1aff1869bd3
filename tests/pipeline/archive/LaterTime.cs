namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>A clock that is ahead by a fixed time.</summary>
internal sealed class LaterTime(TimeSpan later) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + later;
}
