using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Environments;

namespace InfraCdktf.Constructs.Network;

/// <summary>
/// What a namespace of an environment for application teams may talk to. Never another environment: that takes a recorded override
/// (<see cref="OverrideFlows"/>).
/// </summary>
public static class EnvironmentSegment
{
    /// <summary>Pods that ask to be reached through the gateway.</summary>
    private static Role Exposed { get; } = Asking("exposed", SegmentLabels.FromGateway);

    /// <summary>The pooler in front of the data store.</summary>
    private static Role Pooler { get; } = Asking("pooler", SegmentLabels.Pooler);

    /// <summary>Pods that need the API server.</summary>
    private static Role ApiClients { get; } = Asking("api-clients", SegmentLabels.ApiServer);

    /// <summary>The segment of one of the environment's namespaces.</summary>
    public static Segment For(Environments.Platform platform, Environment environment, string space)
    {
        var segment = Segment
            .Closed.AllowDns()
            .AllowInside(Inside(environment, space), "Services of one environment call each other.")
            .AllowFrom(
                Parties.Gateway(platform),
                Exposed,
                "Requests from outside arrive through the shared gateway, at pods that ask for them."
            )
            .AllowFrom(
                Parties.Prometheus(platform),
                Role.Everyone.On(new Port(SegmentLabels.MetricsPort)),
                "Prometheus scrapes the port that a pod names \"metrics\"."
            )
            .AllowTo(Parties.Collectors(platform), Role.Everyone, "Pods send their traces and logs.")
            .ForEach(
                environment.Destinations,
                (all, destination) =>
                    all.AllowTo(
                        Destination(destination),
                        Asking("users", SegmentLabels.Destination(destination.Name)),
                        destination.Reason
                    )
            )
            .ForEach(OverrideFlows.Of(platform, space), (all, flow) => all.And(flow));
        if (environment.DataStore is { } store)
            segment = DataStore(segment, environment, store, space);
        return environment.ApiServerReason is { } reason && platform.Tier == ClusterTier.Standard
            ? segment.AllowTo(Parties.ApiServerOnCalico, ApiClients, reason)
            : segment;
    }

    /// <summary>What a NetworkPolicy cannot say for the environment where Cilium enforces it.</summary>
    public static IReadOnlyList<JsonObject> CiliumPolicies(
        Environments.Platform platform,
        Environment environment,
        string space
    ) =>
        environment.ApiServerReason is { } reason && platform.Tier == ClusterTier.Enterprise
            ? [CiliumPolicy.ToApiServer(platform, environment, space, ApiClients, reason)]
            : [];

    // The pooler runs in the namespace named after the environment, and is the only way to the database. A team that keeps to itself has
    // a door to it; all others reach it as a part of the inside.
    private static Segment DataStore(Segment segment, Environment environment, DataStore store, string space) =>
        space == environment.Name.Text
            ? segment.AllowTo(
                new("datastore", [new Peer.Addresses(store.Subnet.Text, [])]) { Ports = [new("1024", End: 65535)] },
                Pooler,
                "Its own database alone lies in this subnet; Linode assigns the server's port, so the range is open."
            )
        : TalksWith(environment, space) is null ? segment
        : segment.AllowTo(
            new("pooler", [Peer.Namespace(environment.Name.Text, Pooler.Pods.Labels)]) { Ports = [new("5432")] },
            Asking("users", SegmentLabels.DataStore),
            "Pods that use the environment's data store reach its pooler."
        );

    private static IReadOnlyList<Peer> Inside(Environment environment, string space) =>
        TalksWith(environment, space) is { } others
            ? [Peer.Namespace(space), .. others.Select(other => Peer.Namespace(other))]
            : [Peer.Environment(environment.Name.Text)];

    private static IEnumerable<string>? TalksWith(Environment environment, string space) =>
        environment.Teams.FirstOrDefault(team => environment.NamespaceOf(team) == space) is { TalksWith: { } names }
            ? names.Select(name =>
                environment.Teams.FirstOrDefault(team => team.Name == name) is { } team
                    ? environment.NamespaceOf(team)
                    : environment.Name.Text
            )
            : null;

    private static Party Destination(OutsideDestination destination) =>
        new(destination.Name, [.. destination.Ranges.Select(range => new Peer.Addresses(range.Text, []))])
        {
            Ports = [.. destination.Ports.Select(port => new Port(port.ToString(CultureInfo.InvariantCulture)))],
        };

    private static Role Asking(string name, string label) => new(name, LabelSelector.With(label, "true"));
}
