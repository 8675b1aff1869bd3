using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Network;

/// <summary>
/// What a namespace of an environment for application teams may talk to. Never another environment: that takes a recorded override
/// (<see cref="OverrideRules"/>).
/// </summary>
public static class EnvironmentAllowRules
{
    /// <summary>Pods that ask to be reached through the gateway.</summary>
    private static PodGroup Exposed { get; } = Asking("exposed", SegmentLabels.FromGateway);

    /// <summary>The pooler in front of the data store.</summary>
    private static PodGroup Pooler { get; } = Asking("pooler", SegmentLabels.Pooler);

    /// <summary>Pods that need the API server.</summary>
    private static PodGroup ApiClients { get; } = Asking("api-clients", SegmentLabels.ApiServer);

    /// <summary>The segment of one of the environment's namespaces.</summary>
    public static AllowRules For(PlatformSpec platform, EnvironmentSpec environment, string space)
    {
        AllowRules segment = AllowRules
            .None.AllowDns()
            .AllowInside(Inside(environment, space), "Services of one environment call each other.")
            .AllowFrom(
                Peers.Gateway(platform),
                Exposed,
                "Requests from outside arrive through the shared gateway, at pods that ask for them."
            )
            .AllowFrom(
                Peers.Prometheus(platform),
                PodGroup.Everyone.On(new Port(SegmentLabels.MetricsPort)),
                "Prometheus scrapes the port that a pod names \"metrics\"."
            )
            .AllowTo(Peers.Collectors(platform), PodGroup.Everyone, "Pods send their traces and logs.")
            .ForEach(
                environment.Destinations,
                (all, destination) =>
                    all.AllowTo(
                        Destination(destination),
                        Asking("users", SegmentLabels.Destination(destination.Name)),
                        destination.Reason
                    )
            )
            .ForEach(OverrideRules.Of(platform, space), (all, flow) => all.And(flow));
        if (environment.DataStore is { } store)
            segment = DataStore(segment, environment, store, space);
        return environment.ApiServerReason is { } reason && platform.Tier == ClusterTier.Standard
            ? segment.AllowTo(Peers.ApiServerOnCalico, ApiClients, reason)
            : segment;
    }

    /// <summary>What a NetworkPolicy cannot say for the environment where Cilium enforces it.</summary>
    public static IReadOnlyList<JsonObject> CiliumPolicies(
        PlatformSpec platform,
        EnvironmentSpec environment,
        string space
    ) =>
        environment.ApiServerReason is { } reason && platform.Tier == ClusterTier.Enterprise
            ? [CiliumPolicy.ToApiServer(platform, environment, space, ApiClients, reason)]
            : [];

    // The pooler runs in the namespace named after the environment, and is the only way to the database. A team that keeps to itself has
    // a door to it; all others reach it as a part of the inside.
    private static AllowRules DataStore(AllowRules segment, EnvironmentSpec environment, DataStore store, string space) =>
        space == environment.Name.Text
            ? segment.AllowTo(
                new("datastore", [new PeerSelector.Addresses(store.Subnet.Text, [])]) { Ports = [new("1024", End: 65535)] },
                Pooler,
                "Its own database alone lies in this subnet; Linode assigns the server's port, so the range is open."
            )
        : TalksWith(environment, space) is null ? segment
        : segment.AllowTo(
            new("pooler", [PeerSelector.Namespace(environment.Name.Text, Pooler.Pods.Labels)]) { Ports = [new("5432")] },
            Asking("users", SegmentLabels.DataStore),
            "Pods that use the environment's data store reach its pooler."
        );

    private static IReadOnlyList<PeerSelector> Inside(EnvironmentSpec environment, string space) =>
        TalksWith(environment, space) is { } others
            ? [PeerSelector.Namespace(space), .. others.Select(other => PeerSelector.Namespace(other))]
            : [PeerSelector.Environment(environment.Name.Text)];

    private static IEnumerable<string>? TalksWith(EnvironmentSpec environment, string space) =>
        environment.Teams.FirstOrDefault(team => environment.NamespaceOf(team) == space) is { TalksWith: { } names }
            ? names.Select(name =>
                environment.Teams.FirstOrDefault(team => team.Name == name) is { } team
                    ? environment.NamespaceOf(team)
                    : environment.Name.Text
            )
            : null;

    private static Peer Destination(OutsideDestination destination) =>
        new(destination.Name, [.. destination.Ranges.Select(range => new PeerSelector.Addresses(range.Text, []))])
        {
            Ports = [.. destination.Ports.Select(port => new Port(port.ToString(CultureInfo.InvariantCulture)))],
        };

    private static PodGroup Asking(string name, string label) => new(name, LabelSelector.With(label, "true"));
}
