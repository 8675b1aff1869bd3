namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>The label by which Grafana's sidecar finds ConfigMaps with dashboards, in all namespaces.</summary>
public static class DashboardLabel
{
    /// <summary>The label's key.</summary>
    public const string Key = "grafana_dashboard";

    /// <summary>The label's value.</summary>
    public const string Value = "1";
}
