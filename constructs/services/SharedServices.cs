using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// The services that all environments share: which charts, in which order, with which values. Pure data; one file for each service.
/// Every container that a chart starts has requests and limits, fits Pod Security <c>restricted</c>, and runs on the system pool; what
/// cannot is said beside its values. Keys were checked against the charts' own values.yaml: most charts ignore a misspelt key silently.
/// </summary>
public static partial class SharedServices
{
    /// <summary>The Secret with the chat webhook; the secrets package of the system environment makes it before the first release.</summary>
    public const string AlertRoutesSecret = "alert-routes";

    /// <summary>The Secret with Grafana's administrator (keys <c>admin-user</c>, <c>admin-password</c>); made before the first release.</summary>
    public const string GrafanaAdminSecret = "grafana-admin";

    /// <summary>The ServiceAccount that Grafana and its sidecars run as.</summary>
    public const string GrafanaServiceAccount = "grafana";

    private const string KubeSystem = "kube-system";

    /// <summary>The namespace of agents that need the node itself (privileged; DaemonSets only), beside the restricted one of the system environment.</summary>
    public static string AgentsNamespace(PlatformSpec platform) => $"{platform.System.Name}-agents";

    /// <summary>The shared services in an order that satisfies every <see cref="SharedService.DependsOn"/>.</summary>
    public static IReadOnlyList<SharedService> For(PlatformSpec platform) =>
        [
            KubePrometheusStack(platform),
            MetricsServer(platform),
            SealedSecrets(platform),
            Gateway(platform),
            CertManager(platform),
            .. platform.Tier == ClusterTier.Standard
                ? [CloudFirewallDefinitions(), CloudFirewall(platform)]
                : Array.Empty<SharedService>(),
        ];

    internal static JsonObject OnSystemPool(PlatformSpec platform) => OnPool(platform, platform.System);

    internal static JsonArray ToleratesSystemPool(PlatformSpec platform) => ToleratesPool(platform, platform.System);

    /// <summary>The node selector of what runs on an environment's pool.</summary>
    internal static JsonObject OnPool(PlatformSpec platform, EnvironmentSpec environment) =>
        new() { ["pool"] = PoolOf(platform, environment).Name };

    /// <summary>What runs on an environment's pool tolerates its taints.</summary>
    internal static JsonArray ToleratesPool(PlatformSpec platform, EnvironmentSpec environment) =>
        [
            .. PoolOf(platform, environment)
                .Taints.Select(taint =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["key"] = taint.Key,
                            ["operator"] = "Equal",
                            ["value"] = taint.Value,
                            ["effect"] = taint.Effect,
                        }
                ),
        ];

    private static NodePool PoolOf(PlatformSpec platform, EnvironmentSpec environment) =>
        platform.Pools.First(pool => pool.Name == environment.Pool);

    /// <summary>Limits stand beside requests always: a container without them takes the namespace's defaults, which know nothing of it.</summary>
    internal static JsonObject Resources(string requestCpu, string requestMemory, string limitCpu, string limitMemory) =>
        new()
        {
            ["requests"] = new JsonObject { ["cpu"] = requestCpu, ["memory"] = requestMemory },
            ["limits"] = new JsonObject { ["cpu"] = limitCpu, ["memory"] = limitMemory },
        };

    /// <summary>
    /// One replica a node, so that any one node can go. Taints are honoured because a cordoned node would otherwise count as an empty
    /// place that must be filled first, and the replacement of a drained pod would wait for it (Kubernetes: nodeTaintsPolicy).
    /// </summary>
    internal static JsonArray OneEachNode(string label, string value) =>
        [
            new JsonObject
            {
                ["maxSkew"] = 1,
                ["topologyKey"] = "kubernetes.io/hostname",
                ["whenUnsatisfiable"] = "DoNotSchedule",
                ["nodeTaintsPolicy"] = "Honor",
                ["labelSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { [label] = value } },
            },
        ];
}
