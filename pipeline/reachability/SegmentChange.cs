using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// What differs between the walls of two synthesized outputs: the policies themselves, the doors around nodes and control plane, and who can
/// reach whom because of it. For the audit log: an override's policy carries its record as annotations.
/// </summary>
/// <param name="Policies">Policies that come, go or change, as objects of the Kubernetes API.</param>
/// <param name="Edges">The nodes' firewall and the control plane's list, where they differ.</param>
/// <param name="Flows">Pairs of endpoints that reach each other on other ports than before.</param>
public sealed record SegmentChange(
    IReadOnlyList<SegmentChange.Item> Policies,
    IReadOnlyList<SegmentChange.Item> Edges,
    IReadOnlyList<SegmentChange.Flow> Flows
)
{
    /// <summary>Something before and after; null where it is not there.</summary>
    /// <param name="Name">What it is.</param>
    /// <param name="Before">How it was.</param>
    /// <param name="After">How it is.</param>
    public sealed record Item(string Name, JsonNode? Before, JsonNode? After);

    /// <summary>The ports between two endpoints before and after.</summary>
    /// <param name="From">Who connects.</param>
    /// <param name="To">Who receives.</param>
    /// <param name="Before">"none", "all", or the ports.</param>
    /// <param name="After">The same, afterwards.</param>
    public sealed record Flow(string From, string To, string Before, string After);

    private const string None = "none";

    /// <summary>True when nothing differs.</summary>
    public bool IsEmpty => Policies.Count + Edges.Count + Flows.Count == 0;

    /// <summary>Compares two outputs.</summary>
    /// <param name="before">The JSON of the stacks by name, as they were; a stack that was not there is left out.</param>
    /// <param name="after">The same, as they are.</param>
    /// <exception cref="PipelineException">Something in one of them is not understood; every such place is named.</exception>
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

    /// <summary>What is opened around the cluster: by the firewall of the pools, by the controller's on standard, by the API server's list.</summary>
    private static Dictionary<string, JsonNode?> EdgesOf(IReadOnlyDictionary<string, JsonObject> stacks) =>
        stacks
            .SelectMany(stack =>
                SynthesizedObjects
                    .Resources(stack.Value)
                    .Select(resource => (Name: $"{stack.Key}: {resource.Address}", Door: Door(resource)))
            )
            .Where(edge => edge.Door is not null)
            .ToDictionary(edge => edge.Name, edge => edge.Door);

    private static JsonNode? Door(SynthesizedResource resource) =>
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

    // The same endpoints and ports for both, or what is told apart by the one alone would not be compared.
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
