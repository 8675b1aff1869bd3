using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>The direction of a connection, from the view of the pod that a policy selects.</summary>
public enum Direction
{
    /// <summary>Connections to the pod.</summary>
    Ingress,

    /// <summary>Connections from the pod.</summary>
    Egress,
}

/// <summary>
/// A NetworkPolicy, or a CiliumNetworkPolicy with entities, in one form: with the API's defaults, and only with the parts that
/// decide.
/// </summary>
public sealed record NetworkPolicy
{
    /// <summary>"NetworkPolicy" or "CiliumNetworkPolicy".</summary>
    public required string Kind { get; init; }

    /// <summary>Its namespace; it selects only pods of this namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was read: a file, or a stack and an address in it.</summary>
    public required string Source { get; init; }

    /// <summary>The object as it was read.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>Its annotations: the reason, and for an override the approver and the expiry date.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>The pods that it selects.</summary>
    public required Selector Pods { get; init; }

    /// <summary>The directions in which it isolates these pods (policyTypes, with the API's default).</summary>
    public required IReadOnlyList<Direction> Isolates { get; init; }

    /// <summary>The ingress rules; empty allows nothing.</summary>
    public IReadOnlyList<Rule> Ingress { get; init; } = [];

    /// <summary>The egress rules; empty allows nothing.</summary>
    public IReadOnlyList<Rule> Egress { get; init; } = [];

    /// <summary>The rules of a direction.</summary>
    public IReadOnlyList<Rule> Rules(Direction direction) => direction == Direction.Ingress ? Ingress : Egress;

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>An allow rule: connections with one of the peers on one of the ports.</summary>
/// <param name="Peers">The allowed other ends; empty for any.</param>
/// <param name="Ports">The allowed ports of the destination; empty for all.</param>
public sealed record Rule(IReadOnlyList<Peer> Peers, IReadOnlyList<RulePort> Ports);

/// <summary>An allowed other end of a connection.</summary>
public abstract record Peer
{
    /// <summary>Pods by labels.</summary>
    /// <param name="Namespaces">Selects namespaces; null (no namespaceSelector) for the policy's own namespace.</param>
    /// <param name="Pods">Selects pods in these namespaces; null (no podSelector) for all pods.</param>
    public sealed record InCluster(Selector? Namespaces, Selector? Pods) : Peer;

    /// <summary>Addresses.</summary>
    public sealed record Addresses(AddressBlock Block) : Peer;

    /// <summary>A kind of machine.</summary>
    public sealed record Machines(Entity Entity) : Peer;
}
