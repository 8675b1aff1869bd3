namespace InfraCdktf.Constructs.Network;

/// <summary>
/// The traffic that a namespace allows in addition to its default deny. Immutable: each method returns a copy with one rule more.
/// Selectors and ports belong to <see cref="PodGroup"/> and <see cref="Peer"/>, so they are defined once for both ends.
/// </summary>
/// <param name="Rules">The rules, one policy each.</param>
public sealed record AllowRules(IReadOnlyList<AllowRule> Rules)
{
    /// <summary>No traffic is allowed.</summary>
    public static AllowRules None { get; } = new([]);

    /// <summary>
    /// Every pod resolves names in <c>kube-system</c>. The name servers have other labels on enterprise, so the rule selects the
    /// namespace and the port.
    /// </summary>
    public AllowRules AllowDns() =>
        And(
            new()
            {
                Name = "dns",
                Reason = "Pods resolve names.",
                Direction = Direction.Egress,
                Peers = [PeerSelector.Namespace("kube-system")],
                Ports = [new("53", "UDP"), new("53")],
            }
        );

    /// <summary>Every pod of the namespace exchanges traffic with these pods, on every port.</summary>
    public AllowRules AllowInside(IReadOnlyList<PeerSelector> inside, string reason) =>
        And(
                new()
                {
                    Name = "inside-ingress",
                    Reason = reason,
                    Direction = Direction.Ingress,
                    Peers = inside,
                }
            )
            .And(
                new()
                {
                    Name = "inside-egress",
                    Reason = reason,
                    Direction = Direction.Egress,
                    Peers = inside,
                }
            );

    /// <summary>A peer reaches a pod group of the namespace, on the group's ports.</summary>
    public AllowRules AllowFrom(Peer from, PodGroup to, string reason) =>
        And(
            new()
            {
                Name = to.Name is null ? $"from-{from.Name}" : $"{to.Name}-from-{from.Name}",
                Reason = reason,
                Direction = Direction.Ingress,
                Pods = to.Pods,
                Peers = from.Selectors,
                Ports = to.Ports,
            }
        );

    /// <summary>A pod group of the namespace reaches a peer, on the peer's ports.</summary>
    public AllowRules AllowTo(Peer to, PodGroup from, string reason) =>
        And(
            new()
            {
                Name = from.Name is null ? $"to-{to.Name}" : $"{from.Name}-to-{to.Name}",
                Reason = reason,
                Direction = Direction.Egress,
                Pods = from.Pods,
                Peers = to.Selectors,
                Ports = to.Ports,
            }
        );

    /// <summary>Applies one method for each of several items.</summary>
    public AllowRules ForEach<T>(IEnumerable<T> items, Func<AllowRules, T, AllowRules> rule) => items.Aggregate(this, rule);

    /// <summary>One rule more.</summary>
    public AllowRules And(AllowRule rule) => new([.. Rules, rule]);
}
