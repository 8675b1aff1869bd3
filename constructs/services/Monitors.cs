using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>What Prometheus scrapes beside the monitors that charts bring: Envoy Gateway brings none.</summary>
public static class Monitors
{
    /// <summary>PodMonitors of the gateway's proxies and of its controller, for <c>charts/manifests</c> in the system namespace.</summary>
    public static IReadOnlyList<JsonObject> For(PlatformSpec platform) =>
        [
            PodMonitor(
                platform,
                "envoy-proxy",
                "/stats/prometheus",
                new() { ["app.kubernetes.io/managed-by"] = "envoy-gateway", ["app.kubernetes.io/component"] = "proxy" }
            ),
            PodMonitor(platform, "envoy-gateway", "/metrics", new() { ["control-plane"] = "envoy-gateway" }),
        ];

    /// <summary>Both kinds of pod name their port 19001 "metrics" (Envoy Gateway 1.9).</summary>
    private static JsonObject PodMonitor(PlatformSpec platform, string name, string path, JsonObject matchLabels) =>
        new()
        {
            ["apiVersion"] = "monitoring.coreos.com/v1",
            ["kind"] = "PodMonitor",
            ["metadata"] = KubernetesObject.Of(platform, platform.System, name),
            ["spec"] = new JsonObject
            {
                ["namespaceSelector"] = new JsonObject { ["matchNames"] = new JsonArray(platform.System.Name.Text) },
                ["selector"] = new JsonObject { ["matchLabels"] = matchLabels },
                ["podMetricsEndpoints"] = new JsonArray(new JsonObject { ["port"] = "metrics", ["path"] = path }),
            },
        };
}
