using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>Which way a connection goes, seen from the pod that a policy selects.</summary>
public enum Direction
{
    /// <summary>Connections to the pod.</summary>
    Ingress,

    /// <summary>Connections from the pod.</summary>
    Egress,
}

/// <summary>
/// A NetworkPolicy, or a CiliumNetworkPolicy of entities, in one form: defaults are filled in, and only what decides is left.
/// </summary>
public sealed record NetworkPolicy
{
    /// <summary>"NetworkPolicy" or "CiliumNetworkPolicy".</summary>
    public required string Kind { get; init; }

    /// <summary>Its namespace; it selects pods of no other.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was read: a file or stack and an address in it.</summary>
    public required string Source { get; init; }

    /// <summary>The object as it was read.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>What it says about itself: the reason, and who approved an override until when.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>The pods that it is about.</summary>
    public required Selector Pods { get; init; }

    /// <summary>The directions in which it isolates these pods (policyTypes, with the API's default filled in).</summary>
    public required IReadOnlyList<Direction> Isolates { get; init; }

    /// <summary>What it allows to the pods. Empty: nothing.</summary>
    public IReadOnlyList<Rule> Ingress { get; init; } = [];

    /// <summary>What it allows from the pods. Empty: nothing.</summary>
    public IReadOnlyList<Rule> Egress { get; init; } = [];

    /// <summary>The rules of a direction.</summary>
    public IReadOnlyList<Rule> Rules(Direction direction) => direction == Direction.Ingress ? Ingress : Egress;

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>What a policy allows: connections with one of the peers on one of the ports.</summary>
/// <param name="Peers">Who may be at the other end; empty for anyone.</param>
/// <param name="Ports">On which ports of the receiver; empty for all.</param>
public sealed record Rule(IReadOnlyList<Peer> Peers, IReadOnlyList<RulePort> Ports);

/// <summary>Who may be at the other end.</summary>
public abstract record Peer
{
    /// <summary>Pods by labels.</summary>
    /// <param name="Namespaces">Selects their namespaces; null (no namespaceSelector) for the policy's own.</param>
    /// <param name="Pods">Selects among the pods there; null (no podSelector) for all.</param>
    public sealed record InCluster(Selector? Namespaces, Selector? Pods) : Peer;

    /// <summary>Addresses.</summary>
    public sealed record Addresses(AddressBlock Block) : Peer;

    /// <summary>A kind of machine.</summary>
    public sealed record Machines(Entity Entity) : Peer;
}
