using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>cert-manager: certificates, also for listeners of a Gateway.</summary>
public static class CertManager
{
    private static readonly ChartPin s_chart = new("cert-manager", "https://charts.jetstack.io", "v1.21.1");

    /// <summary>The service's name.</summary>
    public static ServiceName Name { get; } = new("cert-manager");

    private static readonly ServiceWorkload s_controller = new()
    {
        Name = "cert-manager",
        Replicas = 2,
        Resources = new("50m", "128Mi", "500m", "512Mi"),
        Values = ValuePaths.Below("", "replicaCount"),
    };

    private static readonly ServiceWorkload s_webhook = new()
    {
        Name = "cert-manager webhook",
        Replicas = 2,
        Resources = new("50m", "64Mi", "250m", "256Mi"),
        Values = ValuePaths.Below("webhook", "replicaCount"),
    };

    private static readonly ServiceWorkload s_cainjector = new()
    {
        Name = "cert-manager cainjector",
        Replicas = 2,
        Resources = new("50m", "128Mi", "250m", "512Mi"),
        Values = ValuePaths.Below("cainjector", "replicaCount"),
    };

    private static readonly ServiceWorkload s_check = new()
    {
        Name = "cert-manager startup API check",
        IsHook = true,
        Resources = new("20m", "32Mi", "100m", "64Mi"),
        Values = ValuePaths.Below("startupapicheck", replicas: null),
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
            // Its ServiceMonitor needs the CRD; with Gateway API enabled it crash-loops until those CRDs exist.
            DependsOn = [KubePrometheusStack.Name, EnvoyGateway.Name],
            Traffic =
            [
                new Traffic.FromApiServer(
                    new("webhooks", PodGroup.App("webhook").Pods) { Ports = [new("10250")] },
                    "The API server calls cert-manager's webhook."
                ),
                new Traffic.ToPeer(
                    PodGroup.App("cert-manager"),
                    Peer.Internet(new Port("443"), new Port("80")),
                    "cert-manager orders certificates and checks its own HTTP-01 answers."
                ),
            ],
            Workloads = [s_controller, s_webhook, s_cainjector, s_check],
            Values = new()
            {
                // Templated, so that CRDs follow upgrades; kept, because deleting a CRD deletes every certificate.
                ["crds"] = new JsonObject { ["enabled"] = true, ["keep"] = true },
                // The default namespace of the leader election is kube-system, where cert-manager needs no other right.
                ["global"] = new JsonObject { ["leaderElection"] = new JsonObject { ["namespace"] = platform.System.Name.Text } },
                ["config"] = new JsonObject { ["gatewayAPI"] = new JsonObject { ["enabled"] = true } },
                ["replicaCount"] = s_controller.Replicas,
                ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true },
                ["topologySpreadConstraints"] = PodPlacement.OneEachNode("app.kubernetes.io/name", "cert-manager"),
                ["resources"] = s_controller.Resources.ToJson(),
                ["nodeSelector"] = PodPlacement.NodeSelector(pool),
                ["tolerations"] = PodPlacement.Tolerations(pool),
                ["prometheus"] = new JsonObject { ["servicemonitor"] = new JsonObject { ["enabled"] = true } },
                ["webhook"] = Replicated(s_webhook, "webhook", pool),
                ["cainjector"] = Replicated(s_cainjector, "cainjector", pool),
                ["startupapicheck"] = new JsonObject
                {
                    ["resources"] = s_check.Resources.ToJson(),
                    ["nodeSelector"] = PodPlacement.NodeSelector(pool),
                    ["tolerations"] = PodPlacement.Tolerations(pool),
                },
            },
        };
    }

    private static JsonObject Replicated(ServiceWorkload workload, string app, NodePool pool) =>
        new()
        {
            ["replicaCount"] = workload.Replicas,
            ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true },
            ["topologySpreadConstraints"] = PodPlacement.OneEachNode("app.kubernetes.io/name", app),
            ["resources"] = workload.Resources.ToJson(),
            ["nodeSelector"] = PodPlacement.NodeSelector(pool),
            ["tolerations"] = PodPlacement.Tolerations(pool),
        };
}
