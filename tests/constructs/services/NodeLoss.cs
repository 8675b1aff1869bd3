using System.Text.Json.Nodes;
using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Services;

/// <summary>One workload that all environments share, as its chart will make it from the synthesized values.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Replicas">How many pods.</param>
/// <param name="Kept">How many its budget keeps; null when it has none.</param>
/// <param name="Spread">Whether no two of its pods share a node while there are enough, and a drained node is not waited for.</param>
/// <param name="Pool">The pool that its node selector names.</param>
/// <param name="Tolerates">Whether it tolerates the pool's taints.</param>
/// <param name="Cpu">CPUs that one pod asks for.</param>
/// <param name="Memory">Bytes that one pod asks for.</param>
internal sealed record SharedWorkload(
    string Name,
    int Replicas,
    int? Kept,
    bool Spread,
    string Pool,
    bool Tolerates,
    decimal Cpu,
    decimal Memory
);

/// <summary>What happens when any one node of a pool is drained while the pool is at its smallest: pure arithmetic over the output.</summary>
internal static class NodeLoss
{
    /// <summary>Where a chart's values say replicas, scheduling and resources, and what else runs in the pod. Key: release and workload.</summary>
    private static readonly (
        string Release,
        string Name,
        string Scheduling,
        string Replicas,
        string Resources,
        string Budget,
        string[] Sidecars
    )[] _charts =
    [
        (
            "kube-prometheus-stack",
            "prometheus",
            "prometheus.prometheusSpec",
            "prometheus.prometheusSpec.replicas",
            "prometheus.prometheusSpec.resources",
            "prometheus.podDisruptionBudget",
            ["prometheusOperator.prometheusConfigReloader.resources"]
        ),
        (
            "kube-prometheus-stack",
            "alertmanager",
            "alertmanager.alertmanagerSpec",
            "alertmanager.alertmanagerSpec.replicas",
            "alertmanager.alertmanagerSpec.resources",
            "alertmanager.podDisruptionBudget",
            ["prometheusOperator.prometheusConfigReloader.resources"]
        ),
        (
            "kube-prometheus-stack",
            "grafana",
            "grafana",
            "grafana.replicas",
            "grafana.resources",
            "grafana.podDisruptionBudget",
            ["grafana.sidecar.resources", "grafana.sidecar.resources"]
        ),
        Plain("kube-prometheus-stack", "kube-state-metrics", "kube-state-metrics"),
        Plain("kube-prometheus-stack", "prometheus operator", "prometheusOperator"),
        Plain("metrics-server", "metrics-server", ""),
        Plain("sealed-secrets", "sealed-secrets", ""),
        (
            "envoy-gateway",
            "gateway controller",
            "deployment.pod",
            "deployment.replicas",
            "deployment.envoyGateway.resources",
            "podDisruptionBudget",
            []
        ),
        Plain("cert-manager", "cert-manager", "", replicas: "replicaCount"),
        Plain("cert-manager", "cert-manager webhook", "webhook", replicas: "replicaCount"),
        Plain("cert-manager", "cert-manager cainjector", "cainjector", replicas: "replicaCount"),
    ];

    /// <summary>The releases that the table reads.</summary>
    public static IReadOnlySet<string> Releases { get; } = _charts.Select(chart => chart.Release).ToHashSet();

    /// <summary>Every shared workload of the system stack.</summary>
    public static IReadOnlyList<SharedWorkload> Shared(PlatformSpec platform, SynthesizedStack system)
    {
        var pool = platform.Pools.Single(one => one.Name == platform.System.Pool);
        var values = system
            .Of("helm_release")
            .Where(release => Releases.Contains((string)release.Body["name"]!))
            .ToDictionary(release => (string)release.Body["name"]!, release => (JsonNode)release.HelmValues);
        var proxies = system
            .Manifests.Where(manifest => (string?)manifest["kind"] == "EnvoyProxy")
            .Select(manifest => manifest["spec"]!["provider"]!["kubernetes"]!)
            .Select(spec =>
                Read(
                    pool,
                    "gateway proxies",
                    At(spec, "envoyDeployment.pod"),
                    At(spec, "envoyDeployment.replicas"),
                    At(spec, "envoyPDB"),
                    [At(spec, "envoyDeployment.container.resources")]
                )
            );
        return
        [
            .. _charts.Select(chart =>
                Read(
                    pool,
                    chart.Name,
                    At(values[chart.Release], chart.Scheduling),
                    At(values[chart.Release], chart.Replicas),
                    At(values[chart.Release], chart.Budget),
                    [.. chart.Sidecars.Prepend(chart.Resources).Select(path => At(values[chart.Release], path))]
                )
            ),
            .. proxies,
        ];
    }

    /// <summary>What would not be ready, or could not be drained; nothing when all survive.</summary>
    public static IReadOnlyList<string> Problems(PlatformSpec platform, IReadOnlyList<SharedWorkload> workloads)
    {
        var pool = platform.Pools.Single(one => one.Name == platform.System.Pool);
        var left = pool.MinNodes - 1;
        return
        [
            .. workloads.SelectMany(workload => Problems(workload, pool)),
            .. Fits(workloads, NodeCapacity.Of(LinodeFacts.NodePlans[pool.Type]), left)
                ? Array.Empty<string>()
                : [$"the {left} nodes that are left of {pool.Name} do not hold all shared services"],
        ];
    }

    private static IEnumerable<string> Problems(SharedWorkload workload, NodePool pool)
    {
        if (workload.Pool != pool.Name || !workload.Tolerates)
            yield return $"{workload.Name}: may not run on pool {pool.Name}";
        if (workload.Replicas == 1)
        {
            // It starts elsewhere; a budget would keep it from going for ever.
            if (workload.Kept > 0)
                yield return $"{workload.Name}: its budget keeps its only pod on the node";
            yield break;
        }
        if (workload.Kept is null)
            yield return $"{workload.Name}: no budget keeps one of its {workload.Replicas} pods";
        else if (workload.Kept < 1)
            yield return $"{workload.Name}: its budget keeps none";
        else if (workload.Kept >= workload.Replicas)
            yield return $"{workload.Name}: its budget lets none of its {workload.Replicas} pods go";
        if (!workload.Spread)
            yield return $"{workload.Name}: all its pods may be on one node, or wait for the drained one";
        // Spread over the pool at its smallest: so many at most stood on the node that goes.
        var lost = (workload.Replicas + pool.MinNodes - 1) / pool.MinNodes;
        if (workload.Replicas - lost < Math.Max(1, workload.Kept ?? 1))
            yield return $"{workload.Name}: {workload.Replicas - lost} of {workload.Replicas} pods are left";
    }

    /// <summary>First fit, largest first: where it finds places, there are some.</summary>
    private static bool Fits(IReadOnlyList<SharedWorkload> workloads, NodeCapacity node, int nodes)
    {
        var free = Enumerable.Range(0, nodes).Select(_ => (node.Cpu, node.Memory, Names: new List<string>())).ToArray();
        foreach (var workload in workloads.OrderByDescending(one => one.Memory))
        {
            for (var pod = 0; pod < workload.Replicas; pod++)
            {
                var at = Enumerable
                    .Range(0, nodes)
                    .Where(i => free[i].Cpu >= workload.Cpu && free[i].Memory >= workload.Memory)
                    .OrderBy(i => free[i].Names.Count(name => name == workload.Name))
                    .ThenByDescending(i => free[i].Memory)
                    .FirstOrDefault(-1);
                if (at < 0)
                    return false;
                free[at] = (free[at].Cpu - workload.Cpu, free[at].Memory - workload.Memory, [.. free[at].Names, workload.Name]);
            }
        }
        return true;
    }

    private static SharedWorkload Read(
        NodePool pool,
        string name,
        JsonNode? scheduling,
        JsonNode? replicas,
        JsonNode? budget,
        IReadOnlyList<JsonNode?> containers
    ) =>
        new(
            name,
            (int?)replicas ?? 1, // the charts' own default
            Kept(budget),
            (scheduling?["topologySpreadConstraints"] as JsonArray ?? []).Any(rule =>
                (string?)rule!["topologyKey"] == "kubernetes.io/hostname"
                && (string?)rule["whenUnsatisfiable"] == "DoNotSchedule"
                && (string?)rule["nodeTaintsPolicy"] == "Honor"
                && (int?)rule["maxSkew"] == 1
            ),
            (string?)scheduling?["nodeSelector"]?["pool"] ?? "",
            pool.Taints.All(taint =>
                (scheduling?["tolerations"] as JsonArray ?? []).Any(toleration =>
                    (string?)toleration!["key"] == taint.Key && (string?)toleration["value"] == taint.Value
                )
            ),
            containers.Sum(resources => new Quantity((string)resources!["requests"]!["cpu"]!).Value),
            containers.Sum(resources => new Quantity((string)resources!["requests"]!["memory"]!).Value)
        );

    // Enabled without a number, every one of these charts keeps one.
    private static int? Kept(JsonNode? budget) => (int?)budget?["minAvailable"] ?? ((bool?)budget?["enabled"] == true ? 1 : null);

    private static (string, string, string, string, string, string, string[]) Plain(
        string release,
        string name,
        string path,
        string replicas = "replicas"
    )
    {
        var prefix = path.Length == 0 ? "" : $"{path}.";
        return (release, name, path, $"{prefix}{replicas}", $"{prefix}resources", $"{prefix}podDisruptionBudget", []);
    }

    private static JsonNode? At(JsonNode? json, string path) =>
        path.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(json, (inner, step) => inner?[step]);
}
