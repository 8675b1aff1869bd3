using System.Globalization;
using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>Evictions, which a PodDisruptionBudget may refuse.</summary>
internal static class Disruptions
{
    private static readonly ApiKind _budgets = ApiKind.Of("poddisruptionbudgets");
    private static readonly ApiKind _pods = ApiKind.Of("pods");

    /// <summary>How long a client waits before it asks again about a budget that was not counted yet, in seconds.</summary>
    private const int RetryAfterSeconds = 10;

    /// <summary>
    /// Deletes a pod if its budget allows it. Decisions, order and texts: Kubernetes, pkg/registry/core/pod/storage/eviction.go.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="space">The namespace in the path.</param>
    /// <param name="name">The pod in the path.</param>
    /// <param name="eviction">The Eviction.</param>
    /// <exception cref="ApiException">429: a budget does not allow it. kubectl tries again.</exception>
    public static void Evict(ClusterView cluster, string space, string name, JsonNode? eviction)
    {
        if (eviction.Text("metadata.name") != name)
            throw ApiException.BadRequest("name in URL does not match name in Eviction object");
        var pod = cluster.Get(_pods, space, name);
        if (!IgnoresBudgets(pod))
            Require(cluster, pod);
        cluster.Remove(_pods, pod);
    }

    /// <summary>
    /// A budget's status with the counts of the disruption controller. A stored <c>observedGeneration</c> stays, so that a test
    /// can hold the controller back.
    /// </summary>
    public static JsonObject Status(ClusterView cluster, JsonObject budget)
    {
        var pods = cluster
            .List(_pods, budget.Text("metadata.namespace"))
            .Where(pod => Selector.Matches(budget.At("spec.selector"), pod.At("metadata.labels")))
            .ToList();
        var (expected, healthy) = (pods.Count, pods.Count(IsReady));
        var desired = budget.At("spec.maxUnavailable") is { } most
            ? Math.Max(0, expected - Share(most, expected))
            : Share(budget.At("spec.minAvailable") ?? 1, expected);
        return new()
        {
            ["observedGeneration"] = budget.Whole("status.observedGeneration") ?? Generation(budget),
            ["expectedPods"] = expected,
            ["currentHealthy"] = healthy,
            ["desiredHealthy"] = desired,
            ["disruptionsAllowed"] = Math.Max(0, healthy - desired),
        };
    }

    // A pod that does not run yet, or not any more, or that is being deleted.
    private static bool IgnoresBudgets(JsonObject pod) =>
        pod.Text("status.phase") is "Succeeded" or "Failed" or "Pending" || pod.Text("metadata.deletionTimestamp") is not null;

    private static void Require(ClusterView cluster, JsonObject pod)
    {
        var budgets = cluster
            .List(_budgets, pod.Text("metadata.namespace"))
            .Where(budget => Selector.Matches(budget.At("spec.selector"), pod.At("metadata.labels")))
            .ToList();
        if (budgets.Count > 1)
            throw new ApiException(
                500,
                "InternalError",
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
            );
        if (budgets.Count == 0)
            return;
        var budget = budgets[0];
        var name = budget.Text("metadata.name");
        var status = Status(cluster, budget);
        var (healthy, desired) = (status.Whole("currentHealthy"), status.Whole("desiredHealthy"));
        if (
            !IsReady(pod)
            && (budget.Text("spec.unhealthyPodEvictionPolicy") == "AlwaysAllow" || (healthy >= desired && desired > 0))
        )
            return;
        if (status.Whole("observedGeneration") < Generation(budget))
            throw Refusal($"The disruption budget {name} is still being processed by the server.", RetryAfterSeconds);
        if (status.Whole("disruptionsAllowed") < 1)
            throw Refusal($"The disruption budget {name} needs {desired} healthy pods and has {healthy} currently", 0);
    }

    private static ApiException Refusal(string cause, int retryAfterSeconds)
    {
        var details = new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = cause }),
        };
        if (retryAfterSeconds > 0)
            details["retryAfterSeconds"] = retryAfterSeconds;
        return new(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", details);
    }

    private static long Generation(JsonObject budget) => budget.Whole("metadata.generation") ?? 0;

    public static bool IsReady(JsonObject pod) =>
        pod.Items("status.conditions").Any(state => state.Text("type") == "Ready" && state.Text("status") == "True");

    // A percentage is rounded up, for both fields (disruption controller, GetScaledValueFromIntOrPercent with roundUp).
    private static int Share(JsonNode amount, int all)
    {
        var text = amount.ToString();
        return text.EndsWith('%')
            ? (int)Math.Ceiling(int.Parse(text[..^1], CultureInfo.InvariantCulture) * all / 100m)
            : int.Parse(text, CultureInfo.InvariantCulture);
    }
}
