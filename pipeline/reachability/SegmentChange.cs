using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// The difference between the network policies of two syntheses: the policies themselves, the firewall of the nodes and the
/// allow-list of the control plane, and the resulting changes of allowed connections. It is written to the audit log; the policy
/// of an override has the record of the override as annotations.
/// </summary>
/// <param name="Policies">Added, removed and changed policies, as objects of the Kubernetes API.</param>
/// <param name="Edges">Changes of the nodes' firewall and of the control plane's allow-list.</param>
/// <param name="Flows">Pairs of endpoints whose allowed ports changed.</param>
public sealed record SegmentChange(
    IReadOnlyList<SegmentChange.Item> Policies,
    IReadOnlyList<SegmentChange.Item> Edges,
    IReadOnlyList<SegmentChange.Flow> Flows
)
{
    /// <summary>One object before and after the change.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Before">Its form before; null if it did not exist.</param>
    /// <param name="After">Its form after; null if it does not exist any more.</param>
    public sealed record Item(string Name, JsonNode? Before, JsonNode? After);

    /// <summary>The ports between two endpoints before and after.</summary>
    /// <param name="From">The source.</param>
    /// <param name="To">The destination.</param>
    /// <param name="Before">"none", "all", or the ports.</param>
    /// <param name="After">The same, after the change.</param>
    public sealed record Flow(string From, string To, string Before, string After);

    private const string None = "none";

    /// <summary>True if nothing differs.</summary>
    public bool IsEmpty => Policies.Count + Edges.Count + Flows.Count == 0;

    /// <summary>Compares two syntheses.</summary>
    /// <param name="before">The JSON of the stacks by name before the change, without stacks that did not exist.</param>
    /// <param name="after">The same after the change.</param>
    /// <exception cref="PipelineException">Something is not understood; the message lists every such place.</exception>
    public static SegmentChange Between(
        IReadOnlyDictionary<string, JsonObject> before,
        IReadOnlyDictionary<string, JsonObject> after
    )
    {
        var (old, now) = (SynthesizedCluster.Parse(before), SynthesizedCluster.Parse(after));
        return new(
            Differences(PoliciesOf(old), PoliciesOf(now)),
            Differences(EdgesOf(before), EdgesOf(after)),
            [.. FlowsOf(old, now)]
        );
    }

    private static Dictionary<string, JsonNode?> PoliciesOf(Cluster cluster) =>
        cluster.Policies.ToDictionary(policy => $"{policy.Kind} {policy}", policy => (JsonNode?)policy.Object);

    /// <summary>
    /// Access to the nodes and the API server: the firewall of the pools, the controller's firewall on the standard tier, and the
    /// API server's allow-list.
    /// </summary>
    private static Dictionary<string, JsonNode?> EdgesOf(IReadOnlyDictionary<string, JsonObject> stacks) =>
        stacks
            .SelectMany(stack =>
                SynthesizedObjects
                    .Resources(stack.Value)
                    .Select(resource => (Name: $"{stack.Key}: {resource.Address}", Inbound: Inbound(resource)))
            )
            .Where(edge => edge.Inbound is not null)
            .ToDictionary(edge => edge.Name, edge => edge.Inbound);

    private static JsonNode? Inbound(SynthesizedResource resource) =>
        resource.Type switch
        {
            "linode_firewall" => resource.Body["inbound"],
            "linode_lke_cluster" => SynthesizedObjects.Single(resource.Body["control_plane"])?["acl"],
            "helm_release" when (string?)resource.Body["chart"] == "cloud-firewall-controller" => resource.Body["values"],
            _ => null,
        };

    private static List<Item> Differences(Dictionary<string, JsonNode?> before, Dictionary<string, JsonNode?> after) =>
        [
            .. before
                .Keys.Union(after.Keys)
                .Order(StringComparer.Ordinal)
                .Select(name => new Item(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name)))
                .Where(item => !JsonNode.DeepEquals(item.Before, item.After)),
        ];

    // Both sides use the same endpoints and ports. Otherwise a class that only one side distinguishes would not be compared.
    private static IEnumerable<Flow> FlowsOf(Cluster before, Cluster after)
    {
        var landscape = Landscape.Of(
            new()
            {
                Namespaces = after.Namespaces.Concat(before.Namespaces).DistinctBy(space => space.Key).ToDictionary(),
                Policies = [.. before.Policies, .. after.Policies],
                Ranges = after.Ranges.Concat(before.Ranges).DistinctBy(range => range.Key).ToDictionary(),
            }
        );
        var (old, now) = (Reaches(before, landscape), Reaches(after, landscape));
        return old
            .Keys.Union(now.Keys)
            .Select(pair => new Flow(pair.From, pair.To, old.GetValueOrDefault(pair, None), now.GetValueOrDefault(pair, None)))
            .Where(flow => flow.Before != flow.After);
    }

    private static Dictionary<(string From, string To), string> Reaches(Cluster cluster, Landscape landscape) =>
        Matrix
            .Reaches(
                cluster,
                [.. landscape.Endpoints.Where(one => one is not Pod pod || cluster.Namespaces.ContainsKey(pod.Namespace))],
                landscape.Ports
            )
            .ToDictionary(pair => (pair.From.Title, pair.To.Title), pair => pair.Text);
}
