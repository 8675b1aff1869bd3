using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Nodes;

/// <summary>A reason why a node cannot be drained now.</summary>
/// <param name="Place">The pod or budget: namespace/name.</param>
/// <param name="Problem">What prevents the drain.</param>
/// <param name="Remedy">What to do.</param>
public sealed record Obstacle(string Place, string Problem, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {Problem} {Remedy}";
}

/// <summary>Whether a node can be drained.</summary>
/// <param name="Obstacles">The reasons why not; empty if it can be drained.</param>
/// <param name="Notes">The effects of the drain on users.</param>
public sealed record DrainVerdict(IReadOnlyList<Obstacle> Obstacles, IReadOnlyList<string> Notes);

/// <summary>Lists every problem that a drain of a node would have, before anything changes.</summary>
public static class DrainCheck
{
    private static readonly IReadOnlyDictionary<string, string?> _notAsked = new Dictionary<string, string?>();

    /// <summary>Checks one node.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="node">The node.</param>
    /// <param name="asked">
    /// The API server's answers about an eviction of the node's pods (<see cref="EvictionDryRun"/>), by namespace/name: null if
    /// it allows the eviction, else its message. A pod without an answer is judged by the budgets.
    /// </param>
    public static DrainVerdict Of(ClusterState cluster, string node, IReadOnlyDictionary<string, string?>? asked = null)
    {
        var mine = cluster.Nodes.Single(one => one.Name == node);
        var others = cluster.Nodes.Where(one => one.Name != node).ToList();
        var pods = Evicted(cluster, node);
        var absent = others.Where(one => one.Pool == mine.Pool && (one.Cordoned || !one.Ready)).Select(one => one.Name).ToList();
        var placement = new Placement(cluster, node);
        return new(
            [
                .. absent.Select(other => new Obstacle(
                    $"node {other}",
                    "The node is already out, and services tolerate the loss of only one node.",
                    $"Restore it first: nodes uncordon {other}."
                )),
                .. pods.Where(pod => PodFacts.Owner(pod) is null)
                    .Select(pod => new Obstacle(
                        ClusterState.PlaceOf(pod),
                        "No controller starts the pod again.",
                        "Delete the pod if it is not needed, or create a Deployment for it."
                    )),
                .. from pod in pods
                where PodFacts.Owner(pod) is not null
                let refusals = others.Select(other => (Node: other.Name, Reason: placement.Refusal(pod, other))).ToList()
                where refusals.All(one => one.Reason is not null)
                select new Obstacle(
                    ClusterState.PlaceOf(pod),
                    $"No other node accepts the pod: {Reasons(refusals)}.",
                    "Add a node to its pool, or restore a node."
                ),
                .. pods.Select(pod => Refused(cluster, pod, asked ?? _notAsked)).OfType<Obstacle>().Distinct(),
                .. AllHere(cluster, pods, node),
            ],
            [
                .. pods.Where(pod =>
                        PodFacts.Owner(pod) is { Kind: not "Job" } owner
                        && cluster.Pods.Count(other => PodFacts.Owner(other) == owner) == 1
                    )
                    .Select(pod =>
                        $"{ClusterState.PlaceOf(pod)} is the only pod of its workload: "
                        + "not available until it runs on another node."
                    ),
                .. pods.Where(pod => (pod["spec"]!["volumes"] as JsonArray ?? []).Any(volume => volume!["emptyDir"] is not null))
                    .Select(pod => $"{ClusterState.PlaceOf(pod)} loses the data in its emptyDir volumes."),
            ]
        );
    }

    /// <summary>
    /// The pods of a node that a drain evicts: not those of DaemonSets, not mirror pods, and none that is being deleted already.
    /// </summary>
    public static IReadOnlyList<JsonObject> Evicted(ClusterState cluster, string node) =>
        [
            .. cluster.Pods.Where(pod =>
                (string?)pod["spec"]!["nodeName"] == node
                && PodFacts.Owner(pod)?.Kind is not ("DaemonSet" or "Node")
                && !PodFacts.IsEnding(pod)
            ),
        ];

    private static string Reasons(IReadOnlyList<(string Node, string? Reason)> refusals) =>
        refusals.Count == 0
            ? "there is none"
            : string.Join(
                "; ",
                refusals
                    .GroupBy(one => one.Reason!)
                    .Select(group => $"{group.Key} ({string.Join(", ", group.Select(one => one.Node))})")
            );

    private static Obstacle? Refused(ClusterState cluster, JsonObject pod, IReadOnlyDictionary<string, string?> asked)
    {
        var place = ClusterState.PlaceOf(pod);
        if (!asked.TryGetValue(place, out var answer))
            return Budgets.Refusal(cluster, pod);
        // The budgets say more than the answer, which does not have their numbers.
        return answer is null
            ? null
            : Budgets.Refusal(cluster, pod)
                ?? new Obstacle(
                    place,
                    $"The API server refuses to evict the pod: {answer}.",
                    "Remove the reason, then check again."
                );
    }

    // Without a budget, evictions do not wait for each other. A Job starts its pods again and serves nobody.
    private static IEnumerable<Obstacle> AllHere(ClusterState cluster, IReadOnlyList<JsonObject> pods, string node) =>
        from workload in pods.Where(pod => PodFacts.Owner(pod) is { Kind: not "Job" }).GroupBy(pod => PodFacts.Owner(pod)!.Value)
        let all = cluster.Pods.Where(pod => PodFacts.Owner(pod) == workload.Key && PodFacts.IsReady(pod)).ToList()
        where all.Count > 1 && all.All(pod => (string?)pod["spec"]!["nodeName"] == node)
        where !workload.Any(pod => cluster.Budgets.Any(budget => Budgets.Covers(budget, pod)))
        select new Obstacle(
            ClusterState.PlaceOf(workload.First()),
            $"All {all.Count} ready pods of its workload are on this node, and no budget keeps one of them running.",
            "Give the workload a PodDisruptionBudget, or spread its pods (topologySpreadConstraints)."
        );
}
