namespace InfraCdktf.Constructs.Network;

/// <summary>
/// What a namespace may talk to on top of its default deny, in the words of intent. Immutable: each word gives a segment that allows one thing
/// more. Selectors and ports belong to the <see cref="PodGroup"/> and the <see cref="Peer"/>, so they are written once for both ends.
/// </summary>
/// <param name="Rules">What is allowed, one policy each.</param>
public sealed record AllowRules(IReadOnlyList<AllowRule> Rules)
{
    /// <summary>Nothing is allowed.</summary>
    public static AllowRules None { get; } = new([]);

    /// <summary>
    /// Every pod resolves names, in kube-system. The name servers carry other labels on enterprise, so the namespace and the port decide.
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

    /// <summary>Every pod talks to these pods and is talked to by them, on every port: the inside that the namespace belongs to.</summary>
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

    /// <summary>Pods of a role are reached by a party, on the role's ports.</summary>
    public AllowRules AllowFrom(Peer party, PodGroup to, string reason) =>
        And(
            new()
            {
                Name = to.Name is null ? $"from-{party.Name}" : $"{to.Name}-from-{party.Name}",
                Reason = reason,
                Direction = Direction.Ingress,
                Pods = to.Pods,
                Peers = party.Peers,
                Ports = to.Ports,
            }
        );

    /// <summary>Pods of a role reach a party, on the party's ports.</summary>
    public AllowRules AllowTo(Peer party, PodGroup from, string reason) =>
        And(
            new()
            {
                Name = from.Name is null ? $"to-{party.Name}" : $"{from.Name}-to-{party.Name}",
                Reason = reason,
                Direction = Direction.Egress,
                Pods = from.Pods,
                Peers = party.Peers,
                Ports = party.Ports,
            }
        );

    /// <summary>The same word for each of several things.</summary>
    public AllowRules ForEach<T>(IEnumerable<T> items, Func<AllowRules, T, AllowRules> word) => items.Aggregate(this, word);

    /// <summary>One flow more.</summary>
    public AllowRules And(AllowRule flow) => new([.. Rules, flow]);
}
