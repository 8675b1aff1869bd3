using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>metrics-server: CPU and memory of pods, for the horizontal autoscaler and <c>kubectl top</c>.</summary>
public static class MetricsServer
{
    private static readonly ChartPin s_chart = new(
        "metrics-server",
        "https://kubernetes-sigs.github.io/metrics-server",
        "3.13.1"
    );

    /// <summary>The service's name.</summary>
    public static ServiceName Name { get; } = new("metrics-server");

    private static readonly ServiceWorkload s_server = new()
    {
        Name = "metrics-server",
        Replicas = 2,
        Resources = new("100m", "200Mi", "500m", "400Mi"),
        Values = ValuePaths.Below(""),
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
            Traffic =
            [
                new Traffic.FromApiServer(
                    new("webhooks", PodGroup.App("metrics-server").Pods) { Ports = [new("10250")] },
                    "The API server calls the metrics API."
                ),
                new Traffic.ToNodes(PodGroup.App("metrics-server"), [new("10250")], "metrics-server reads the kubelets (10250)."),
            ],
            Workloads = [s_server],
            Values = new()
            {
                // LKE's kubelets have certificates that no authority signed; without this argument every scrape fails.
                ["args"] = new JsonArray("--kubelet-insecure-tls"),
                ["replicas"] = s_server.Replicas,
                ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true, ["minAvailable"] = 1 },
                ["topologySpreadConstraints"] = PodPlacement.OneEachNode("app.kubernetes.io/name", "metrics-server"),
                ["resources"] = s_server.Resources.ToJson(),
                ["metrics"] = new JsonObject { ["enabled"] = true },
                ["serviceMonitor"] = new JsonObject { ["enabled"] = true },
                ["nodeSelector"] = PodPlacement.NodeSelector(pool),
                ["tolerations"] = PodPlacement.Tolerations(pool),
            },
        };
    }
}
