namespace InfraCdktf.Tests.Pipeline.Archiving;

/// <summary>The clock of somebody who comes later.</summary>
internal sealed class LaterTime(TimeSpan later) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + later;
}
