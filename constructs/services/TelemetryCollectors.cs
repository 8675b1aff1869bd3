using InfraCdktf.Constructs.Network;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// The traffic of the collectors of traces and logs. Planned, not implemented: no chart installs a collector yet, but application
/// pods may already send to pods with the label <see cref="SegmentLabels.Collector"/>.
/// </summary>
public static class TelemetryCollectors
{
    /// <summary>OTLP over gRPC and over HTTP (opentelemetry.io, OTLP specification).</summary>
    private static readonly Port[] s_otlp = [new("4317"), new("4318")];

    private static readonly PodGroup s_collector = PodGroup.Labelled("collector", SegmentLabels.Collector, "true").On(s_otlp);

    /// <summary>The traffic.</summary>
    public static IReadOnlyList<Traffic> Traffic { get; } =
    [
        new Traffic.ReceivesTelemetry(s_collector, "Pods of {0} send their traces and logs.", "Pods send their traces and logs."),
        new Traffic.NeverToApiServer(s_collector),
    ];
}
