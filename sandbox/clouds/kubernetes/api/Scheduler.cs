using System.Numerics;
using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// Chooses a node for a pod. It checks cordoned nodes, taints, node selectors, spread over host names, and capacity. It ignores
/// affinities, priorities and preferences.
/// </summary>
internal static class Scheduler
{
    private const string HostName = "kubernetes.io/hostname";

    /// <summary>The taint of a cordoned node.</summary>
    public const string Unschedulable = "node.kubernetes.io/unschedulable";

    /// <summary>The node with the fewest pods among those that can run the pod; null if there is none.</summary>
    public static string? Choose(IReadOnlyList<JsonObject> nodes, IReadOnlyList<JsonObject> pods, JsonObject pod) =>
        nodes
            .Where(node =>
                Selects(pod, node) && Tolerates(pod, node) && HasCapacity(node, pods, pod) && Spreads(nodes, pods, pod, node)
            )
            .OrderBy(node => pods.Count(other => other.Text("spec.nodeName") == Name(node)))
            .ThenBy(Name, StringComparer.Ordinal)
            .Select(Name)
            .FirstOrDefault();

    /// <summary>True if a DaemonSet's pod runs on a node. Such pods tolerate the taint of a cordoned node.</summary>
    public static bool TakesDaemon(JsonObject pod, JsonObject node) =>
        Selects(pod, node) && Tolerates(pod, node, except: Unschedulable);

    private static bool Selects(JsonObject pod, JsonObject node) =>
        pod.Entries("spec.nodeSelector").All(label => (string?)node.At("metadata.labels")?[label.Key] == label.Value!.ToString());

    private static bool Tolerates(JsonObject pod, JsonObject node, string? except = null) =>
        node.Items("spec.taints")
            .Where(taint => taint.Text("effect") != "PreferNoSchedule" && taint.Text("key") != except)
            .All(taint => pod.Items("spec.tolerations").Any(toleration => Tolerates(toleration, taint)));

    private static bool Tolerates(JsonNode? toleration, JsonNode? taint) =>
        (toleration.Text("effect") is not { Length: > 0 } effect || effect == taint.Text("effect"))
        && (toleration.Text("key") is not { Length: > 0 } key || key == taint.Text("key"))
        && (toleration.Text("operator") == "Exists" || (toleration.Text("value") ?? "") == (taint.Text("value") ?? ""));

    private static bool HasCapacity(JsonObject node, IReadOnlyList<JsonObject> pods, JsonObject pod)
    {
        var here = pods.Where(other => other.Text("spec.nodeName") == Name(node)).Append(pod).ToList();
        return new[] { "cpu", "memory" }.All(what =>
            !Quantity.TryParse(node.At("status.allocatable")?[what]?.ToString() ?? "", out var capacity)
            || here.Aggregate(BigInteger.Zero, (sum, other) => sum + Quotas.Sum(other, "requests", what)) <= capacity
        );
    }

    private static bool Spreads(
        IReadOnlyList<JsonObject> nodes,
        IReadOnlyList<JsonObject> pods,
        JsonObject pod,
        JsonObject node
    ) =>
        pod.Items("spec.topologySpreadConstraints")
            .Where(rule => rule.Text("whenUnsatisfiable") == "DoNotSchedule" && rule.Text("topologyKey") == HostName)
            .All(rule =>
            {
                var places = nodes.Where(one =>
                    Selects(pod, one) && (rule.Text("nodeTaintsPolicy") != "Honor" || Tolerates(pod, one))
                );
                int On(JsonObject one) =>
                    pods.Count(other =>
                        other.Text("spec.nodeName") == Name(one)
                        && other.Text("metadata.namespace") == pod.Text("metadata.namespace")
                        && Selector.Matches(rule.At("labelSelector"), other.At("metadata.labels"))
                    );
                return On(node) + 1 - places.Min(On) <= rule.Whole("maxSkew");
            });

    private static string Name(JsonObject node) => node.Text("metadata.name")!;
}
