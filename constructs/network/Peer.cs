namespace InfraCdktf.Constructs.Network;

/// <summary>Who may be at the other end of a flow.</summary>
/// <param name="Name">What it is called in the names of policies.</param>
/// <param name="Peers">Who it is. Empty means anyone: for the API server and the NodeBalancer, which have no address that a policy could
/// name, neither on Cilium nor on Calico.</param>
public sealed record Peer(string Name, IReadOnlyList<PeerSelector> Peers)
{
    /// <summary>The ports on which it is reached. Empty means all.</summary>
    public IReadOnlyList<Port> Ports { get; init; } = [];
}
