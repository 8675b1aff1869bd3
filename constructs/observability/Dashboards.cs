namespace InfraCdktf.Constructs.Observability;

/// <summary>Grafana dashboards.</summary>
public static partial class Dashboards
{
    /// <summary>The label by which Grafana's sidecar finds a ConfigMap with dashboards.</summary>
    public const string Label = "grafana_dashboard";

    /// <summary>The label's value.</summary>
    public const string LabelValue = "1";
}
