namespace InfraCdktf.Constructs.Network;

/// <summary>The other end of an allow rule.</summary>
/// <param name="Name">Its name in the names of policies.</param>
/// <param name="Selectors">Its pods or addresses. Empty means any: for the API server and the NodeBalancer, which have no address
/// that a policy could name, neither on Cilium nor on Calico.</param>
public sealed record Peer(string Name, IReadOnlyList<PeerSelector> Selectors)
{
    /// <summary>The ports on which it receives. Empty means all.</summary>
    public IReadOnlyList<Port> Ports { get; init; } = [];

    /// <summary>Any address: for traffic from a NodeBalancer.</summary>
    public static Peer Outside { get; } = new("outside", []);

    /// <summary>The API server as a client of webhooks and aggregated APIs.</summary>
    public static Peer ApiServer { get; } = new("api-server", []);

    /// <summary>
    /// The API server as a server where Calico enforces policies: it has no fixed address on the standard tier, so only its ports
    /// are named.
    /// </summary>
    public static Peer ApiServerOnCalico { get; } =
        new("api-server", [new PeerSelector.Addresses("0.0.0.0/0", [])]) { Ports = [new("443"), new("6443")] };

    /// <summary>The public Internet.</summary>
    public static Peer Internet(params IReadOnlyList<Port> ports) => new("internet", [PeerSelector.Internet()]) { Ports = ports };

    /// <summary>The pods of an environment with a label, or all of them.</summary>
    /// <param name="environment">The environment's name.</param>
    /// <param name="labels">The labels of the pods; null for all.</param>
    public static Peer Environment(string environment, IReadOnlyDictionary<string, string>? labels = null) =>
        new(environment, [PeerSelector.Environment(environment, labels)]);
}
