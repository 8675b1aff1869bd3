namespace InfraCdktf.Constructs.Network;

/// <summary>
/// One kind of traffic that a namespace allows on top of its default deny. Each becomes one NetworkPolicy, so a reader of the cluster finds
/// the same names as a reader of the code. <see cref="AllowRules"/> makes them, in the words of intent.
/// </summary>
public sealed record AllowRule
{
    /// <summary>A DNS-1123 label; the policy is named <c>allow-{Name}</c>, and its state address ends in it.</summary>
    public required string Name { get; init; }

    /// <summary>Why it is allowed; an annotation of the policy.</summary>
    public required string Reason { get; init; }

    /// <summary>Seen from the pods that the flow is about.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The pods it is about.</summary>
    public LabelSelector Pods { get; init; } = LabelSelector.All;

    /// <summary>Who may be at the other end. Empty means anyone, and is only for what the outside must reach.</summary>
    public IReadOnlyList<PeerSelector> Peers { get; init; } = [];

    /// <summary>On which ports of the receiving pod. Empty means all.</summary>
    public IReadOnlyList<Port> Ports { get; init; } = [];

    /// <summary>What else the policy says about itself, beside the reason.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
