namespace InfraCdktf.Constructs.Network;

/// <summary>
/// What a namespace may talk to on top of its default deny, in the words of intent. Immutable: each word gives a segment that allows one thing
/// more. Selectors and ports belong to the <see cref="Role"/> and the <see cref="Party"/>, so they are written once for both ends.
/// </summary>
/// <param name="Flows">What is allowed, one policy each.</param>
public sealed record Segment(IReadOnlyList<Flow> Flows)
{
    /// <summary>Nothing is allowed.</summary>
    public static Segment Closed { get; } = new([]);

    /// <summary>
    /// Every pod resolves names, in kube-system. The name servers carry other labels on enterprise, so the namespace and the port decide.
    /// </summary>
    public Segment AllowDns() =>
        And(
            new()
            {
                Name = "dns",
                Reason = "Pods resolve names.",
                Direction = Direction.Egress,
                Peers = [Peer.Namespace("kube-system")],
                Ports = [new("53", "UDP"), new("53")],
            }
        );

    /// <summary>Every pod talks to these pods and is talked to by them, on every port: the inside that the namespace belongs to.</summary>
    public Segment AllowInside(IReadOnlyList<Peer> inside, string reason) =>
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
    public Segment AllowFrom(Party party, Role to, string reason) =>
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
    public Segment AllowTo(Party party, Role from, string reason) =>
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
    public Segment ForEach<T>(IEnumerable<T> items, Func<Segment, T, Segment> word) => items.Aggregate(this, word);

    /// <summary>One flow more.</summary>
    public Segment And(Flow flow) => new([.. Flows, flow]);
}

/// <summary>Pods of a namespace by the role they play there.</summary>
/// <param name="Name">What the role is called in the names of policies; null when it is every pod.</param>
/// <param name="Pods">How its pods are known.</param>
public sealed record Role(string? Name, LabelSelector Pods)
{
    /// <summary>Every pod of the namespace.</summary>
    public static Role Everyone { get; } = new(null, LabelSelector.All);

    /// <summary>The ports on which it is reached. Empty means all.</summary>
    public IReadOnlyList<Port> Ports { get; init; } = [];

    /// <summary>The same role, reached on these ports alone.</summary>
    public Role On(params IReadOnlyList<Port> ports) => this with { Ports = ports };
}

/// <summary>Who may be at the other end of a flow.</summary>
/// <param name="Name">What it is called in the names of policies.</param>
/// <param name="Peers">Who it is. Empty means anyone: for the API server and the NodeBalancer, which have no address that a policy could
/// name, neither on Cilium nor on Calico.</param>
public sealed record Party(string Name, IReadOnlyList<Peer> Peers)
{
    /// <summary>The ports on which it is reached. Empty means all.</summary>
    public IReadOnlyList<Port> Ports { get; init; } = [];
}
