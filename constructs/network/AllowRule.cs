namespace InfraCdktf.Constructs.Network;

/// <summary>
/// One kind of traffic that a namespace allows in addition to its default deny. Each becomes one NetworkPolicy, so the names in
/// the cluster are the names in the code. <see cref="AllowRules"/> creates them.
/// </summary>
public sealed record AllowRule
{
    /// <summary>A DNS-1123 label; the policy is named <c>allow-{Name}</c>, and its state address ends with it.</summary>
    public required string Name { get; init; }

    /// <summary>Why the traffic is allowed; an annotation of the policy.</summary>
    public required string Reason { get; init; }

    /// <summary>Ingress or egress, as seen from <see cref="Pods"/>.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The pods of the namespace that the rule applies to.</summary>
    public LabelSelector Pods { get; init; } = LabelSelector.All;

    /// <summary>The other end. Empty means any, and is only for pods that receive traffic from outside the cluster.</summary>
    public IReadOnlyList<PeerSelector> Peers { get; init; } = [];

    /// <summary>The ports of the receiving pod. Empty means all.</summary>
    public IReadOnlyList<Port> Ports { get; init; } = [];

    /// <summary>Annotations of the policy in addition to the reason.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
