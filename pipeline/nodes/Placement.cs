using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Nodes;

/// <summary>
/// Whether a node accepts a pod of a node that is drained, by the required rules of Kubernetes' scheduler: state, node selector,
/// taints, node affinity, pod affinity and anti-affinity, host ports, and capacity for the pod alone. It does not look at the
/// spread over nodes, at volumes, and at the sum of all drained pods.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="drained">The node that is drained. Its pods leave, so they do not matter to others.</param>
internal sealed class Placement(ClusterState cluster, string drained)
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";

    private readonly IReadOnlyList<JsonObject> _staying =
    [
        .. cluster.Pods.Where(pod => (string?)pod["spec"]!["nodeName"] is { } node && node != drained && !PodFacts.IsEnding(pod)),
    ];

    private readonly Dictionary<string, NodeState> _nodes = cluster.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);

    /// <summary>Why a node does not accept a pod; null if it does.</summary>
    public string? Refusal(JsonObject pod, NodeState node) =>
        !node.Ready ? "not ready"
        : node.Cordoned ? "cordoned"
        : !HasSelectedLabels(pod, node) ? "node selector"
        : Untolerated(pod, node) is { } taint ? $"taint {taint}"
        : !HasNodeAffinity(pod, node) ? "node affinity"
        : !Terms(pod, "podAffinity").All(term => IsNear(pod, term, node)) ? "pod affinity"
        : Terms(pod, "podAntiAffinity").Any(term => Meets(pod, term, node)) ? "pod anti-affinity"
        : Neighbours(pod, node) is { } other ? $"pod anti-affinity of {ClusterState.PlaceOf(other)}"
        : TakenPort(pod, node) is { } port ? $"host port {port} is in use"
        : Missing(pod, node) is { } resource ? $"not enough {resource}"
        : null;

    private static bool HasSelectedLabels(JsonObject pod, NodeState node) =>
        (pod["spec"]!["nodeSelector"] as JsonObject ?? []).All(wanted =>
            node.Labels.GetValueOrDefault(wanted.Key) == (string?)wanted.Value
        );

    private static string? Untolerated(JsonObject pod, NodeState node) =>
        node
            .Taints.Where(taint => (string?)taint["effect"] != "PreferNoSchedule")
            .Where(taint => !(pod["spec"]!["tolerations"] as JsonArray ?? []).Any(toleration => Tolerates(toleration!, taint)))
            .Select(taint => (string?)taint["key"])
            .FirstOrDefault();

    private static bool Tolerates(JsonNode toleration, JsonObject taint)
    {
        string Text(JsonNode from, string field) => (string?)from[field] ?? "";
        return (Text(toleration, "effect") is "" || Text(toleration, "effect") == Text(taint, "effect"))
            && (Text(toleration, "key") is "" || Text(toleration, "key") == Text(taint, "key"))
            && (Text(toleration, "operator") == "Exists" || Text(toleration, "value") == Text(taint, "value"));
    }

    // One of the terms must match; within a term all requirements. A term without requirements matches no node.
    private static bool HasNodeAffinity(JsonObject pod, NodeState node)
    {
        if (pod["spec"]!["affinity"]?["nodeAffinity"]?[Required]?["nodeSelectorTerms"] is not JsonArray terms)
            return true;
        var labels = new JsonObject(node.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        var fields = new JsonObject { ["metadata.name"] = node.Name };
        return terms.Any(term =>
        {
            var (expressions, matched) = (term!["matchExpressions"] as JsonArray ?? [], term["matchFields"] as JsonArray ?? []);
            return expressions.Count + matched.Count > 0
                && expressions.All(rule => PodFacts.Fits(rule!, labels))
                && matched.All(rule => PodFacts.Fits(rule!, fields));
        });
    }

    private static IEnumerable<JsonNode> Terms(JsonObject pod, string kind) =>
        (pod["spec"]!["affinity"]?[kind]?[Required] as JsonArray ?? []).Select(term => term!);

    // The first pod of a group that wants to be near its own group is accepted.
    private bool IsNear(JsonObject pod, JsonNode term, NodeState node) =>
        node.Labels.ContainsKey(Topology(term))
        && (Meets(pod, term, node) || (!_staying.Any(other => Matches(term, pod, other)) && Matches(term, pod, pod)));

    /// <summary>Whether a pod that a term of this pod selects stays in the node's part of the topology.</summary>
    private bool Meets(JsonObject pod, JsonNode term, NodeState node) =>
        _staying.Any(other => Matches(term, pod, other) && IsTogether(other, term, node));

    // A required anti-affinity of a running pod also keeps others away.
    private JsonObject? Neighbours(JsonObject pod, NodeState node) =>
        _staying.FirstOrDefault(other =>
            Terms(other, "podAntiAffinity").Any(term => Matches(term, other, pod) && IsTogether(other, term, node))
        );

    private bool IsTogether(JsonObject other, JsonNode term, NodeState node) =>
        _nodes.TryGetValue((string)other["spec"]!["nodeName"]!, out var place)
        && node.Labels.TryGetValue(Topology(term), out var here)
        && place.Labels.TryGetValue(Topology(term), out var there)
        && here == there;

    private static string Topology(JsonNode term) => (string?)term["topologyKey"] ?? "";

    /// <summary>Whether a term of a pod selects another pod. Without namespaces it means the namespace of its own pod.</summary>
    private bool Matches(JsonNode term, JsonObject owner, JsonObject other)
    {
        var space = (string)other["metadata"]!["namespace"]!;
        var named = (term["namespaces"] as JsonArray ?? []).Select(one => (string?)one).ToList();
        var selector = term["namespaceSelector"];
        var inside =
            named.Count == 0 && selector is null
                ? space == (string)owner["metadata"]!["namespace"]!
                : named.Contains(space) || PodFacts.Selects(selector, cluster.NamespaceLabels.GetValueOrDefault(space) ?? []);
        return inside && PodFacts.Selects(term["labelSelector"], PodFacts.Labels(other));
    }

    private int? TakenPort(JsonObject pod, NodeState node)
    {
        var taken = _staying.Where(other => (string)other["spec"]!["nodeName"]! == node.Name).SelectMany(HostPorts).ToHashSet();
        return HostPorts(pod).Where(taken.Contains).Select(port => (int?)port.Port).FirstOrDefault();
    }

    private static IEnumerable<(string Protocol, int Port)> HostPorts(JsonObject pod) =>
        from container in pod["spec"]!["containers"] as JsonArray ?? []
        from port in container!["ports"] as JsonArray ?? []
        where (int?)port!["hostPort"] is > 0
        select ((string?)port["protocol"] ?? "TCP", (int)port["hostPort"]!);

    private string? Missing(JsonObject pod, NodeState node) =>
        new[] { "cpu", "memory" }.FirstOrDefault(resource =>
            node.Allocatable.TryGetValue(resource, out var capacity)
            && _staying
                .Where(other => (string)other["spec"]!["nodeName"]! == node.Name)
                .Append(pod)
                .Sum(one => PodRequests.Of(one, resource)) > capacity
        );
}
