using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Network;

/// <summary>
/// The allow rules of a namespace of an application environment. None of them names another environment: that needs a recorded
/// override (<see cref="OverrideRules"/>). None of them names a database: nothing in the platform connects to one yet.
/// </summary>
public static class EnvironmentAllowRules
{
    /// <summary>Pods that need the API server.</summary>
    private static PodGroup ApiClients { get; } = WithLabel("api-clients", SegmentLabels.ApiServer);

    /// <summary>The rules of one of the environment's namespaces.</summary>
    /// <param name="platform">The inventory.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="namespaceName">The namespace.</param>
    /// <param name="sharedServices">The rules for traffic with the shared services.</param>
    public static AllowRules For(
        PlatformSpec platform,
        ApplicationEnvironmentSpec environment,
        string namespaceName,
        IReadOnlyList<AllowRule> sharedServices
    )
    {
        var rules = AllowRules
            .None.AllowDns()
            .AllowInside(Inside(environment, namespaceName), "Services of one environment call each other.")
            .ForEach(sharedServices, (all, rule) => all.And(rule))
            .ForEach(
                environment.Destinations,
                (all, destination) =>
                    all.AllowTo(
                        Destination(destination),
                        WithLabel("users", SegmentLabels.Destination(destination.Name)),
                        destination.Reason
                    )
            )
            .ForEach(OverrideRules.Of(platform, namespaceName), (all, rule) => all.And(rule));
        return environment.ApiServerReason is { } reason && platform.Tier == ClusterTier.Standard
            ? rules.AllowTo(Peer.ApiServerOnCalico, ApiClients, reason)
            : rules;
    }

    /// <summary>Rules that a NetworkPolicy cannot express where Cilium enforces it: traffic to the API server.</summary>
    public static IReadOnlyList<JsonObject> CiliumPolicies(
        PlatformSpec platform,
        ApplicationEnvironmentSpec environment,
        string namespaceName
    ) =>
        environment.ApiServerReason is { } reason && platform.Tier == ClusterTier.Enterprise
            ? [CiliumPolicy.ToApiServer(platform, environment, namespaceName, ApiClients, reason)]
            : [];

    private static IReadOnlyList<PeerSelector> Inside(ApplicationEnvironmentSpec environment, string namespaceName) =>
        TalksWith(environment, namespaceName) is { } others
            ? [PeerSelector.Namespace(namespaceName), .. others.Select(other => PeerSelector.Namespace(other))]
            : [PeerSelector.Environment(environment.Name.Text)];

    private static IEnumerable<string>? TalksWith(ApplicationEnvironmentSpec environment, string namespaceName) =>
        environment.Teams.FirstOrDefault(team => environment.NamespaceOf(team) == namespaceName) is { TalksWith: { } names }
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

    private static PodGroup WithLabel(string name, string label) => PodGroup.Labelled(name, label, "true");
}
