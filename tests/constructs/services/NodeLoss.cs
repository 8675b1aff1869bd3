using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Tests.Constructs.Services;

/// <summary>A workload that all environments share, as its chart creates it from its values.</summary>
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
    /// Every workload that all environments share and that is always running, as the values of its service set it.
    /// </summary>
    public static IReadOnlyList<SharedWorkload> Shared(PlatformSpec platform)
    {
        var pool = platform.PoolOf(platform.System);
        return
        [
            .. from service in SharedServices.For(platform)
            from workload in service.Workloads
            where workload.Kind != WorkloadKind.DaemonSet && !workload.IsHook
            let root = workload.Values.Root ?? service.Values
            let paths = workload.Values
            select Read(
                pool,
                workload.Name,
                At(root, paths.Placement),
                paths.Replicas is null ? null : At(root, paths.Replicas),
                paths.Budget is null ? null : At(root, paths.Budget),
                [At(root, paths.Resources), .. paths.Sidecars.Select(path => At(root, path))]
            ),
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

    private static JsonNode? At(JsonNode? json, string path) =>
        path.Split('.', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(
                json,
                (inner, step) => inner is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)] : inner?[step]
            );
}
