using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Nodes;

/// <summary>The facts about a node that matter to pods.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ready">Whether its condition Ready is True.</param>
/// <param name="Cordoned">Whether it accepts no new pods.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Taints">Its taints, without the taint of a cordoned node.</param>
public sealed record NodeState(
    string Name,
    bool Ready,
    bool Cordoned,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<JsonObject> Taints
)
{
    /// <summary>CPUs and bytes of memory for pods, by "cpu" and "memory"; without an entry if they are not known.</summary>
    public IReadOnlyDictionary<string, decimal> Allocatable { get; init; } = new Dictionary<string, decimal>();

    /// <summary>The label that the inventory's pools put on their nodes.</summary>
    public string Pool => Labels.GetValueOrDefault("pool", "");
}

/// <summary>Nodes, pods, budgets, namespaces and workloads at one time, as kubectl reports them.</summary>
public sealed record ClusterState
{
    private const string Cordon = "node.kubernetes.io/unschedulable";

    /// <summary>The nodes.</summary>
    public required IReadOnlyList<NodeState> Nodes { get; init; }

    /// <summary>The pods that have not ended.</summary>
    public required IReadOnlyList<JsonObject> Pods { get; init; }

    /// <summary>The PodDisruptionBudgets.</summary>
    public required IReadOnlyList<JsonObject> Budgets { get; init; }

    /// <summary>Deployments, StatefulSets and DaemonSets.</summary>
    public required IReadOnlyList<JsonObject> Workloads { get; init; }

    /// <summary>The labels of the namespaces, by their names.</summary>
    public IReadOnlyDictionary<string, JsonObject> NamespaceLabels { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>Reads the state with kubectl.</summary>
    public static async Task<ClusterState> ReadAsync(Kubectl kubectl, CancellationToken cancellation)
    {
        var nodes = await kubectl.ListAsync("nodes", null, cancellation);
        var pods = await kubectl.ListAsync("pods", null, cancellation);
        return new()
        {
            Nodes = [.. nodes.Select(Node)],
            Pods = [.. pods.Where(pod => (string?)pod["status"]?["phase"] is not ("Succeeded" or "Failed"))],
            Budgets = await kubectl.ListAsync("poddisruptionbudgets", null, cancellation),
            NamespaceLabels = (await kubectl.ListAsync("namespaces", null, cancellation)).ToDictionary(
                space => (string)space["metadata"]!["name"]!,
                PodFacts.Labels
            ),
            Workloads =
            [
                .. await kubectl.ListAsync("deployments", null, cancellation),
                .. await kubectl.ListAsync("statefulsets", null, cancellation),
                .. await kubectl.ListAsync("daemonsets", null, cancellation),
            ],
        };
    }

    /// <summary>
    /// What is not ready: nodes that are not ready or are cordoned, and workloads with fewer ready pods than wanted.
    /// </summary>
    public IReadOnlyList<string> NotReady =>
        [
            .. Nodes.Where(node => !node.Ready).Select(node => $"node {node.Name}"),
            .. Nodes.Where(node => node is { Ready: true, Cordoned: true }).Select(node => $"node {node.Name} (cordoned)"),
            .. from workload in Workloads
            let wanted = Number(workload, "spec", "replicas") ?? Number(workload, "status", "desiredNumberScheduled") ?? 1
            let ready = Number(workload, "status", "readyReplicas") ?? Number(workload, "status", "numberReady") ?? 0
            where ready < wanted
            select $"{((string)workload["kind"]!).ToLowerInvariant()} {PlaceOf(workload)}: {ready} of {wanted} pods",
        ];

    /// <summary>namespace/name.</summary>
    public static string PlaceOf(JsonObject item) => $"{item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}";

    private static int? Number(JsonObject item, string part, string field) => (int?)item[part]?[field];

    private static NodeState Node(JsonObject node) =>
        new(
            (string)node["metadata"]!["name"]!,
            (node["status"]?["conditions"] as JsonArray ?? []).Any(condition =>
                (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True"
            ),
            (bool?)node["spec"]?["unschedulable"] ?? false,
            (node["metadata"]!["labels"] as JsonObject ?? []).ToDictionary(label => label.Key, label => (string)label.Value!),
            [
                .. (node["spec"]?["taints"] as JsonArray ?? [])
                    .Select(taint => taint!.AsObject())
                    .Where(taint => (string?)taint["key"] != Cordon),
            ]
        )
        {
            Allocatable = new[] { "cpu", "memory" }
                .Where(resource => node["status"]?["allocatable"]?[resource] is not null)
                .ToDictionary(resource => resource, resource => PodRequests.Amount(node["status"]!["allocatable"], resource)),
        };
}
