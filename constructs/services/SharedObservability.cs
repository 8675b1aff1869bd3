using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>Input of <see cref="SharedObservability"/>.</summary>
public sealed record SharedObservabilityProps
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }

    /// <summary>The namespace of the release record.</summary>
    public required string Namespace { get; init; }

    /// <summary>The shared services.</summary>
    public required IReadOnlyList<SharedService> Services { get; init; }

    /// <summary>The resources that must exist before: the CRDs of the monitors and rules.</summary>
    public required IReadOnlyList<ITerraformDependable> DependsOn { get; init; }
}

/// <summary>The scrape targets and alerts of all shared services, and the alerts about nodes, access and isolation.</summary>
public sealed class SharedObservability : Manifests
{
    /// <summary>Creates the monitors and rules.</summary>
    public SharedObservability(Construct scope, string id, SharedObservabilityProps props)
        : base(
            scope,
            id,
            new()
            {
                Name = id,
                Namespace = props.Namespace,
                Objects =
                [
                    .. props.Services.SelectMany(service => service.ScrapeTargets),
                    PrometheusRules.Shared(props.Platform, Alerts(props.Platform, props.Services)),
                    PrometheusRules.Access(props.Platform),
                ],
                DependsOn = props.DependsOn,
            }
        ) { }

    /// <summary>The alerts of the services, then those about nodes and all services.</summary>
    public static IReadOnlyList<Alert> Alerts(PlatformSpec platform, IReadOnlyList<SharedService> services) =>
        [.. services.SelectMany(service => service.Alerts), .. PlatformAlerts.For(platform)];
}
