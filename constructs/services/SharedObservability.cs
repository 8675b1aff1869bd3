using System.Text.Json.Nodes;
using Constructs;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>The scrape targets and alerts of all shared services, and the alerts about nodes, access and isolation.</summary>
public sealed class SharedObservability : Manifests
{
    /// <summary>Creates the monitors and rules.</summary>
    public SharedObservability(Construct scope, string id, ManifestSetProps props)
        : base(scope, id, props) { }

    /// <summary>The objects.</summary>
    public static IReadOnlyList<JsonObject> Objects(PlatformSpec platform, IReadOnlyList<SharedService> services) =>
        [
            .. services.SelectMany(service => service.ScrapeTargets),
            PrometheusRules.Shared(platform, Alerts(platform, services)),
            PrometheusRules.Access(platform),
        ];

    /// <summary>The alerts of the services, then those about nodes and all services.</summary>
    public static IReadOnlyList<Alert> Alerts(PlatformSpec platform, IReadOnlyList<SharedService> services) =>
        [.. services.SelectMany(service => service.Alerts), .. PlatformAlerts.For(platform)];
}
