using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

public static partial class SharedServices
{
    /// <summary>CPU and memory of pods for the horizontal autoscaler and <c>kubectl top</c>.</summary>
    private static SharedService MetricsServer(PlatformSpec platform) =>
        new()
        {
            Name = "metrics-server",
            Chart = new("metrics-server", "https://kubernetes-sigs.github.io/metrics-server", "3.13.1"),
            Namespace = platform.System.Name.Text,
            DependsOn = [MonitoringRelease],
            Values = new()
            {
                // LKE's kubelets have certificates that no authority signed; without this every scrape fails.
                ["args"] = new JsonArray("--kubelet-insecure-tls"),
                ["replicas"] = 2,
                ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true, ["minAvailable"] = 1 },
                ["topologySpreadConstraints"] = OneEachNode("app.kubernetes.io/name", "metrics-server"),
                ["resources"] = Resources("100m", "200Mi", "500m", "400Mi"),
                ["metrics"] = new JsonObject { ["enabled"] = true },
                ["serviceMonitor"] = new JsonObject { ["enabled"] = true },
                ["nodeSelector"] = OnSystemPool(platform),
                ["tolerations"] = ToleratesSystemPool(platform),
            },
        };
}
