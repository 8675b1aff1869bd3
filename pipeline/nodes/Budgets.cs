using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Nodes;

/// <summary>
/// What the API server decides about an eviction by the PodDisruptionBudgets (Kubernetes,
/// pkg/registry/core/pod/storage/eviction.go).
/// </summary>
internal static class Budgets
{
    /// <summary>Why the API server would refuse to evict a pod; null if it would not.</summary>
    public static Obstacle? Refusal(ClusterState cluster, JsonObject pod)
    {
        // A pod that does not run yet, or not any more, may always be evicted.
        if (PodFacts.Phase(pod) is "Pending" or "Succeeded" or "Failed" || PodFacts.IsEnding(pod))
            return null;
        var budgets = cluster.Budgets.Where(budget => Covers(budget, pod)).ToList();
        if (budgets.Count > 1)
            return new(
                ClusterState.PlaceOf(pod),
                $"{budgets.Count} budgets cover the pod ({string.Join(", ", budgets.Select(ClusterState.PlaceOf))}), "
                    + "and Kubernetes does not evict such a pod.",
                "Delete one of the budgets."
            );
        if (budgets.Count == 0)
            return null;
        var budget = budgets[0];
        var status = budget["status"];
        var (healthy, desired) = ((long?)status?["currentHealthy"] ?? 0, (long?)status?["desiredHealthy"] ?? 0);
        var always = (string?)budget["spec"]!["unhealthyPodEvictionPolicy"] == "AlwaysAllow";
        if (!PodFacts.IsReady(pod) && (always || (healthy >= desired && desired > 0)))
            return null;
        var place = $"poddisruptionbudget {ClusterState.PlaceOf(budget)}";
        if (IsBehind(budget))
            return new(
                place,
                "The budget was changed, and the cluster has not counted its pods since then: nothing is evicted until it has.",
                "Check again in a moment."
            );
        return (long?)status?["disruptionsAllowed"] is null or < 1
            ? new(
                place,
                $"The budget needs {desired} healthy pods and has {healthy}.",
                "Wait until its other pods are ready, or give the workload one more replica."
            )
            : null;
    }

    /// <summary>Whether the status of a budget is older than its spec.</summary>
    public static bool IsBehind(JsonObject budget) =>
        ((long?)budget["status"]?["observedGeneration"] ?? 0) < ((long?)budget["metadata"]!["generation"] ?? 0);

    /// <summary>Whether a budget covers a pod.</summary>
    public static bool Covers(JsonObject budget, JsonObject pod) =>
        (string?)budget["metadata"]!["namespace"] == (string?)pod["metadata"]!["namespace"]
        && PodFacts.Selects(budget["spec"]!["selector"], PodFacts.Labels(pod));
}
