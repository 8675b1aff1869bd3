namespace InfraCdktf.Environments.Model;

/// <summary>How long signals are kept, in days.</summary>
/// <param name="MetricsDays">Metrics.</param>
/// <param name="LogsDays">Logs.</param>
/// <param name="TracesDays">Traces.</param>
public sealed record Retention(int MetricsDays, int LogsDays, int TracesDays);
