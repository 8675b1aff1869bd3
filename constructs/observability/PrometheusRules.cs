namespace InfraCdktf.Constructs.Observability;

/// <summary>Recording rules and alerts.</summary>
public static partial class PrometheusRules
{
    /// <summary>The alert that always fires, to prove that alerts arrive.</summary>
    public const string Watchdog = "Watchdog";
}
