using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

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
    /// <summary>Checks one node.</summary>
    public static DrainVerdict Of(ClusterState cluster, string node)
    {
        var mine = cluster.Nodes.Single(one => one.Name == node);
        var others = cluster.Nodes.Where(one => one.Name != node).ToList();
        var pods = cluster
            .Pods.Where(pod => (string?)pod["spec"]!["nodeName"] == node && Owner(pod)?.Kind is not ("DaemonSet" or "Node"))
            .ToList();
        var absent = others.Where(one => one.Pool == mine.Pool && (one.Cordoned || !one.Ready)).Select(one => one.Name).ToList();
        return new(
            [
                .. absent.Select(other => new Obstacle(
                    $"node {other}",
                    "The node is already out, and services tolerate the loss of only one node.",
                    $"Restore it first: maintenance restore {other}."
                )),
                .. pods.Where(pod => Owner(pod) is null)
                    .Select(pod => new Obstacle(
                        ClusterState.PlaceOf(pod),
                        "No controller starts the pod again.",
                        "Delete the pod if it is not needed, or create a Deployment for it."
                    )),
                .. pods.Where(pod => Owner(pod) is not null && !others.Any(other => Takes(other, pod)))
                    .Select(pod => new Obstacle(
                        ClusterState.PlaceOf(pod),
                        "No other node accepts the pod (node selector, taints, cordons).",
                        "Add a node to its pool, or restore a node."
                    )),
                .. Budgets(cluster, pods),
                .. AllHere(cluster, pods, node),
            ],
            [
                .. pods.Where(pod => Owner(pod) is { } owner && cluster.Pods.Count(other => Owner(other) == owner) == 1)
                    .Select(pod =>
                        $"{ClusterState.PlaceOf(pod)} is the only pod of its workload: "
                        + "not available until it runs on another node."
                    ),
                .. pods.Where(pod => (pod["spec"]!["volumes"] as JsonArray ?? []).Any(volume => volume!["emptyDir"] is not null))
                    .Select(pod => $"{ClusterState.PlaceOf(pod)} loses the data in its emptyDir volumes."),
            ]
        );
    }

    private static IEnumerable<Obstacle> Budgets(ClusterState cluster, IReadOnlyList<JsonObject> pods)
    {
        var guarded = pods.Select(pod => (Pod: pod, Budgets: cluster.Budgets.Where(budget => Covers(budget, pod)).ToList()))
            .ToList();
        foreach (var (pod, budgets) in guarded.Where(pair => pair.Budgets.Count > 1))
        {
            yield return new(
                ClusterState.PlaceOf(pod),
                $"{budgets.Count} budgets cover the pod ({string.Join(", ", budgets.Select(ClusterState.PlaceOf))}), "
                    + "and Kubernetes does not evict such a pod.",
                "Delete one of the budgets."
            );
        }
        var blocking = guarded
            .Where(pair => pair.Budgets.Count == 1)
            .Select(pair => pair.Budgets[0])
            .DistinctBy(ClusterState.PlaceOf)
            .Where(budget => (int?)budget["status"]?["disruptionsAllowed"] is null or < 1);
        foreach (var budget in blocking)
        {
            var status = budget["status"];
            yield return new(
                $"poddisruptionbudget {ClusterState.PlaceOf(budget)}",
                $"The budget needs {status?["desiredHealthy"]} healthy pods and has {status?["currentHealthy"]}.",
                "Wait until its other pods are ready, or give the workload one more replica."
            );
        }
    }

    // Without a budget, evictions do not wait for each other.
    private static IEnumerable<Obstacle> AllHere(ClusterState cluster, IReadOnlyList<JsonObject> pods, string node) =>
        from workload in pods.Where(pod => Owner(pod) is not null).GroupBy(pod => Owner(pod)!.Value)
        let all = cluster.Pods.Where(pod => Owner(pod) == workload.Key).ToList()
        where all.Count > 1 && all.All(pod => (string?)pod["spec"]!["nodeName"] == node)
        where !workload.Any(pod => cluster.Budgets.Any(budget => Covers(budget, pod)))
        select new Obstacle(
            ClusterState.PlaceOf(workload.First()),
            $"All {all.Count} pods of its workload are on this node, and no budget keeps one of them running.",
            "Give the workload a PodDisruptionBudget, or spread its pods (topologySpreadConstraints)."
        );

    private static bool Covers(JsonObject budget, JsonObject pod)
    {
        if ((string?)budget["metadata"]!["namespace"] != (string?)pod["metadata"]!["namespace"])
            return false;
        var labels = pod["metadata"]!["labels"] as JsonObject ?? [];
        var selector = budget["spec"]!["selector"];
        return selector is not null
            && (selector["matchLabels"] as JsonObject ?? []).All(wanted => (string?)labels[wanted.Key] == (string?)wanted.Value)
            && (selector["matchExpressions"] as JsonArray ?? []).All(rule => Fits(rule!, labels));
    }

    private static bool Fits(JsonNode rule, JsonObject labels)
    {
        var label = (string?)labels[(string)rule["key"]!];
        var values = (rule["values"] as JsonArray ?? []).Select(value => (string?)value).ToList();
        return (string?)rule["operator"] switch
        {
            "In" => label is not null && values.Contains(label),
            "NotIn" => label is null || !values.Contains(label),
            "Exists" => label is not null,
            "DoesNotExist" => label is null,
            var other => throw new PipelineException(
                $"The selector of a PodDisruptionBudget has the operator \"{other}\"; "
                    + "allowed: In, NotIn, Exists, DoesNotExist."
            ),
        };
    }

    private static bool Takes(NodeState node, JsonObject pod) =>
        node is { Ready: true, Cordoned: false }
        && (pod["spec"]!["nodeSelector"] as JsonObject ?? []).All(wanted =>
            node.Labels.GetValueOrDefault(wanted.Key) == (string?)wanted.Value
        )
        && node.Taints.Where(taint => (string?)taint["effect"] != "PreferNoSchedule")
            .All(taint => (pod["spec"]!["tolerations"] as JsonArray ?? []).Any(toleration => Tolerates(toleration!, taint)));

    private static bool Tolerates(JsonNode toleration, JsonObject taint)
    {
        string Text(JsonNode from, string field) => (string?)from[field] ?? "";
        return (Text(toleration, "effect") is "" || Text(toleration, "effect") == Text(taint, "effect"))
            && (Text(toleration, "key") is "" || Text(toleration, "key") == Text(taint, "key"))
            && (Text(toleration, "operator") == "Exists" || Text(toleration, "value") == Text(taint, "value"));
    }

    // The owner of a mirror pod is its node.
    private static (string Kind, string Uid)? Owner(JsonObject pod) =>
        (pod["metadata"]!["ownerReferences"] as JsonArray ?? [])
            .Where(owner => (bool?)owner!["controller"] == true)
            .Select(owner => ((string, string)?)((string)owner!["kind"]!, (string)owner["uid"]!))
            .FirstOrDefault();
}
