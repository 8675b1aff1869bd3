using System.Globalization;
using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>Evictions, which a PodDisruptionBudget may refuse.</summary>
internal static class Disruptions
{
    private static readonly ApiKind _budgets = ApiKind.Of("poddisruptionbudgets");
    private static readonly ApiKind _pods = ApiKind.Of("pods");

    /// <summary>Deletes a pod if every budget allows it.</summary>
    /// <exception cref="ApiException">429: a budget does not allow it. kubectl tries again.</exception>
    public static void Evict(ClusterView cluster, string space, string name)
    {
        var pod = cluster.Get(_pods, space, name);
        var budgets = cluster
            .List(_budgets, space)
            .Where(budget => Selector.Matches(budget.At("spec.selector"), pod.At("metadata.labels")))
            .ToList();
        if (budgets.Count > 1)
            throw new ApiException(
                500,
                "InternalError",
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
            );
        foreach (var budget in budgets.Where(_ => IsReady(pod)))
        {
            var status = Status(cluster, budget);
            if (status.Whole("disruptionsAllowed") < 1)
                throw new ApiException(
                    429,
                    "TooManyRequests",
                    "Cannot evict pod as it would violate the pod's disruption budget.",
                    new()
                    {
                        ["causes"] = new JsonArray(
                            new JsonObject
                            {
                                ["reason"] = "DisruptionBudget",
                                ["message"] =
                                    $"The disruption budget {budget.Text("metadata.name")} needs "
                                    + $"{status.Whole("desiredHealthy")} healthy pods and has "
                                    + $"{status.Whole("currentHealthy")} currently",
                            }
                        ),
                    }
                );
        }
        cluster.Remove(_pods, pod);
    }

    /// <summary>A budget's status with the counts of the disruption controller.</summary>
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
            ["expectedPods"] = expected,
            ["currentHealthy"] = healthy,
            ["desiredHealthy"] = desired,
            ["disruptionsAllowed"] = Math.Max(0, healthy - desired),
        };
    }

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
