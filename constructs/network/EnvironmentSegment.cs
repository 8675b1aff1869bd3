using InfraCdktf.Environments;

namespace InfraCdktf.Constructs.Network;

/// <summary>What an environment for application teams may talk to: itself, its own data store, the shared gateway and the shared metrics.</summary>
public static class EnvironmentSegment
{
    /// <summary>The flows of each of the environment's namespaces. Never another environment: that takes a recorded override.</summary>
    public static IReadOnlyList<Flow> Flows(Environments.Platform platform, Environment environment)
    {
        var system = platform.System.Name.Text;
        return
        [
            Dns,
            .. Inside(environment),
            new()
            {
                Name = "from-gateway",
                Reason = "Requests from outside arrive through the shared gateway, at pods that ask for them.",
                Direction = Direction.Ingress,
                Pods = Asks(SegmentLabels.FromGateway),
                Peers =
                [
                    Peer.Namespace(system, new Dictionary<string, string> { [SegmentLabels.OwningGateway] = platform.Project }),
                ],
            },
            new()
            {
                Name = "from-metrics",
                Reason = "Prometheus scrapes the port that a pod names \"metrics\".",
                Direction = Direction.Ingress,
                Peers = [Peer.Namespace(system, new Dictionary<string, string> { ["app.kubernetes.io/name"] = "prometheus" })],
                Ports = [new(SegmentLabels.MetricsPort)],
            },
            .. environment.DataStore is { } store ? [ToDataStore(store)] : Array.Empty<Flow>(),
        ];
    }

    /// <summary>Names are resolved in kube-system. Its pods carry other labels on enterprise, so the namespace and the port decide.</summary>
    public static Flow Dns { get; } =
        new()
        {
            Name = "dns",
            Reason = "Pods resolve names.",
            Direction = Direction.Egress,
            Peers = [Peer.Namespace("kube-system")],
            Ports = [new("53", "UDP"), new("53")],
        };

    /// <summary>Both ends of what the pods of one environment say to each other.</summary>
    public static IReadOnlyList<Flow> Inside(Environment environment) =>
        [
            new()
            {
                Name = "inside-ingress",
                Reason = "Services of one environment call each other.",
                Direction = Direction.Ingress,
                Peers = [Peer.Environment(environment.Name.Text)],
            },
            new()
            {
                Name = "inside-egress",
                Reason = "Services of one environment call each other.",
                Direction = Direction.Egress,
                Peers = [Peer.Environment(environment.Name.Text)],
            },
        ];

    private static Flow ToDataStore(DataStore store) =>
        new()
        {
            Name = "to-datastore",
            Reason = "Its own database alone lies in this subnet; Linode assigns the server's port, so the range is open.",
            Direction = Direction.Egress,
            Pods = Asks(SegmentLabels.DataStore),
            Peers = [new Peer.Addresses(store.Subnet.Text, [])],
            Ports = [new("1024", End: 65535)],
        };

    private static Dictionary<string, string> Asks(string label) => new() { [label] = "true" };
}
