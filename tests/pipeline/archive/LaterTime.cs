namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>The clock of somebody who comes later.</summary>
internal sealed class LaterTime(TimeSpan later) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + later;
}
