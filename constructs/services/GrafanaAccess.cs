using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// What Grafana's sidecars may read: ConfigMaps of any namespace, because each environment brings its own dashboards. The chart's own
/// role would add every Secret of the cluster (measured), so it is not made.
/// </summary>
public static class GrafanaAccess
{
    /// <summary>The ClusterRole and its binding, for <c>charts/manifests</c> in the system namespace.</summary>
    public static IReadOnlyList<JsonObject> For(PlatformSpec platform)
    {
        const string Name = "grafana-dashboards";
        const string Api = "rbac.authorization.k8s.io";
        return
        [
            new()
            {
                ["apiVersion"] = $"{Api}/v1",
                ["kind"] = "ClusterRole",
                ["metadata"] = KubernetesObject.ClusterWide(platform, platform.System, Name),
                ["rules"] = new JsonArray(
                    new JsonObject
                    {
                        ["apiGroups"] = new JsonArray(""),
                        ["resources"] = new JsonArray("configmaps"),
                        ["verbs"] = new JsonArray("get", "list", "watch"),
                    }
                ),
            },
            new()
            {
                ["apiVersion"] = $"{Api}/v1",
                ["kind"] = "ClusterRoleBinding",
                ["metadata"] = KubernetesObject.ClusterWide(platform, platform.System, Name),
                ["roleRef"] = new JsonObject
                {
                    ["apiGroup"] = Api,
                    ["kind"] = "ClusterRole",
                    ["name"] = Name,
                },
                ["subjects"] = new JsonArray(
                    new JsonObject
                    {
                        ["kind"] = "ServiceAccount",
                        ["name"] = SharedServices.GrafanaServiceAccount,
                        ["namespace"] = platform.System.Name.Text,
                    }
                ),
            },
        ];
    }
}
