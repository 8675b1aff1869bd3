using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.ConfigMapV1;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>What <see cref="ObservabilityBundle"/> needs.</summary>
public sealed record ObservabilityBundleProps
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }

    /// <summary>Whose bundle.</summary>
    public required EnvironmentSpec Environment { get; init; }

    /// <summary>The namespace it lies in.</summary>
    public required string Namespace { get; init; }

    /// <summary>Labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>What must be there before, where it is part of the same stack.</summary>
    public IReadOnlyList<ITerraformDependable> DependsOn { get; init; } = [];
}

/// <summary>What makes an environment observable from its first minute: an overview dashboard and the alerts on what it shows.</summary>
public sealed class ObservabilityBundle : Construct
{
    /// <summary>The Helm release that carries the rules.</summary>
    public const string Release = "alerts";

    /// <summary>Makes the dashboard and the rules.</summary>
    public ObservabilityBundle(Construct scope, string id, ObservabilityBundleProps props)
        : base(scope, id)
    {
        var (platform, environment) = (props.Platform, props.Environment);
        _ = new ConfigMapV1(
            this,
            "dashboard-overview",
            new ConfigMapV1Config
            {
                Metadata = new ConfigMapV1Metadata
                {
                    Name = "dashboard-overview",
                    Namespace = props.Namespace,
                    // By this label Grafana's sidecar finds it in every namespace.
                    Labels = new Dictionary<string, string>(props.Labels) { ["grafana_dashboard"] = "1" },
                },
                Data = new Dictionary<string, string>
                {
                    [$"{environment.Name}-overview.json"] = TerraformText.Text(
                        Dashboards.Text(Dashboards.Overview(platform, environment))
                    ),
                },
            }
        );
        _ = new Manifests(
            this,
            Release,
            new()
            {
                Name = Release,
                Namespace = props.Namespace,
                Objects = [PrometheusRules.Overview(platform, environment)],
                DependsOn = props.DependsOn,
            }
        );
    }
}
