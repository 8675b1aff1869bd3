using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// The controller of Bitnami's SealedSecrets. One replica: a second one would be idle. Existing Secrets remain while it
/// restarts.
/// </summary>
public static class SealedSecrets
{
    private static readonly ChartPin s_chart = new("sealed-secrets", "https://bitnami.github.io/sealed-secrets", "2.19.3")
    {
        CrdGroups = ["bitnami.com"],
    };

    /// <summary>The service's name.</summary>
    public static ServiceName Name { get; } = new("sealed-secrets");

    private static readonly ServiceWorkload s_controller = new()
    {
        Name = "sealed-secrets",
        Resources = new("50m", "64Mi", "250m", "256Mi"),
        Values = ValuePaths.Below("", replicas: null),
    };

    /// <summary>The service.</summary>
    public static SharedService For(PlatformSpec platform)
    {
        var pool = platform.PoolOf(platform.System);
        return new()
        {
            Name = Name,
            Chart = s_chart,
            Namespace = platform.System.Name.Text,
            // Its ServiceMonitor needs the CRD.
            DependsOn = [KubePrometheusStack.Name],
            // It talks only to the API server, as every shared service may.
            Traffic = [],
            Workloads = [s_controller],
            CustomResources = [new(["bitnami.com"], ["sealedsecrets"], AccessRules.ReadAndWrite)],
            Values = new()
            {
                // The name that kubeseal looks for by default; --controller-namespace gives it the namespace.
                ["fullnameOverride"] = "sealed-secrets-controller",
                ["resources"] = s_controller.Resources.ToJson(),
                ["metrics"] = new JsonObject { ["serviceMonitor"] = new JsonObject { ["enabled"] = true } },
                ["nodeSelector"] = PodPlacement.NodeSelector(pool),
                ["tolerations"] = PodPlacement.Tolerations(pool),
            },
        };
    }
}
