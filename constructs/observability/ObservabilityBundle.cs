using System.Text.Json.Nodes;
using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.ConfigMapV1;
using InfraCdktf.Constructs.Kubernetes;

namespace InfraCdktf.Constructs.Observability;

/// <summary>Input of <see cref="ObservabilityBundle"/>.</summary>
public sealed record ObservabilityBundleProps
{
    /// <summary>The namespace of the objects.</summary>
    public required string Namespace { get; init; }

    /// <summary>Labels of the ConfigMaps.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The dashboards, the overview first (<see cref="Observability.Dashboards.OverviewOf"/>).</summary>
    public required IReadOnlyList<Dashboard> Dashboards { get; init; }

    /// <summary>Recorded signals and alerts (<see cref="PrometheusRules.Overview"/>).</summary>
    public required JsonObject Rules { get; init; }

    /// <summary>The resources that must exist before, if they are part of the same stack.</summary>
    public IReadOnlyList<ITerraformDependable> DependsOn { get; init; } = [];

    /// <summary>The bindings that let the pipeline write ConfigMaps (<c>EnvironmentNamespace.ConfigMapRights</c>).</summary>
    public IReadOnlyList<ITerraformDependable> ConfigMapRights { get; init; } = [];
}

/// <summary>The observability of an environment: dashboards, recorded signals, and the alerts about them.</summary>
public sealed class ObservabilityBundle : Construct
{
    /// <summary>Creates the dashboards and the rules.</summary>
    public ObservabilityBundle(Construct scope, string id, ObservabilityBundleProps props)
        : base(scope, id)
    {
        foreach (var dashboard in props.Dashboards)
            ConfigMap(dashboard, props);
        _ = new Manifests(
            this,
            ReleaseNames.Alerts,
            new()
            {
                Name = ReleaseNames.Alerts,
                Namespace = props.Namespace,
                Objects = [props.Rules],
                DependsOn = [.. props.DependsOn, .. props.ConfigMapRights],
            }
        );
    }

    private void ConfigMap(Dashboard dashboard, ObservabilityBundleProps props)
    {
        var name = $"dashboard-{dashboard.Name}";
        _ = new ConfigMapV1(
            this,
            name,
            new ConfigMapV1Config
            {
                Metadata = new ConfigMapV1Metadata
                {
                    Name = name,
                    Namespace = props.Namespace,
                    Labels = new Dictionary<string, string>(props.Labels) { [DashboardLabel.Key] = DashboardLabel.Value },
                },
                Data = new Dictionary<string, string>
                {
                    [dashboard.File] = TerraformText.Escape(Observability.Dashboards.Text(dashboard.Model)),
                },
                DependsOn = props.ConfigMapRights.Count > 0 ? [.. props.ConfigMapRights] : null,
            }
        );
    }
}
