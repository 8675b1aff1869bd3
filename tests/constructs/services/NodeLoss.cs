using System.Text.Json.Nodes;
using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Services;

/// <summary>A workload that all environments share, as its chart creates it from the synthesized values.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Replicas">The number of its pods.</param>
/// <param name="Kept">The minAvailable of its budget; null if it has no budget.</param>
/// <param name="Spread">Whether its pods are on different nodes while there are enough nodes, without waiting for a drained
/// node.</param>
/// <param name="Pool">The pool that its node selector names.</param>
/// <param name="Tolerates">Whether it tolerates the pool's taints.</param>
/// <param name="Cpu">The CPU request of one pod.</param>
/// <param name="Memory">The memory request of one pod, in bytes.</param>
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

/// <summary>The effect of draining any one node of a pool at its smallest size: pure arithmetic on the synthesis.</summary>
internal static class NodeLoss
{
    /// <summary>
    /// The paths of replicas, scheduling and resources in the values of a chart, and the other containers of the pod, by release
    /// and workload.
    /// </summary>
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

    /// <summary>The releases in the table.</summary>
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

    /// <summary>The workloads that would not be ready or could not be drained; empty if all survive.</summary>
    public static IReadOnlyList<string> Problems(PlatformSpec platform, IReadOnlyList<SharedWorkload> workloads)
    {
        var pool = platform.Pools.Single(one => one.Name == platform.System.Pool);
        var left = pool.MinNodes - 1;
        return
        [
            .. workloads.SelectMany(workload => Problems(workload, pool)),
            .. Fits(workloads, NodeCapacity.Of(LinodeFacts.NodePlans[pool.Type]), left)
                ? Array.Empty<string>()
                : [$"the {left} remaining nodes of {pool.Name} have no capacity for all shared services"],
        ];
    }

    private static IEnumerable<string> Problems(SharedWorkload workload, NodePool pool)
    {
        if (workload.Pool != pool.Name || !workload.Tolerates)
            yield return $"{workload.Name}: may not run on pool {pool.Name}";
        if (workload.Replicas == 1)
        {
            // It restarts on another node; a budget would block its eviction forever.
            if (workload.Kept > 0)
                yield return $"{workload.Name}: its budget blocks the eviction of its only pod";
            yield break;
        }
        if (workload.Kept is null)
            yield return $"{workload.Name}: no budget keeps one of its {workload.Replicas} pods";
        else if (workload.Kept < 1)
            yield return $"{workload.Name}: its budget keeps no pod";
        else if (workload.Kept >= workload.Replicas)
            yield return $"{workload.Name}: its budget blocks the eviction of all its {workload.Replicas} pods";
        if (!workload.Spread)
            yield return $"{workload.Name}: all its pods may be on one node, or wait for the drained one";
        // The largest number of its pods on the drained node, if they are spread over the pool at its smallest size.
        var lost = (workload.Replicas + pool.MinNodes - 1) / pool.MinNodes;
        if (workload.Replicas - lost < Math.Max(1, workload.Kept ?? 1))
            yield return $"{workload.Name}: {workload.Replicas - lost} of {workload.Replicas} pods are left";
    }

    /// <summary>First fit, largest first. If it finds a place for every pod, the capacity is sufficient.</summary>
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

    // All these charts set minAvailable 1 if the budget is enabled without a number.
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
