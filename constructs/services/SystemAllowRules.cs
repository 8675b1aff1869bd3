using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// The allow rules for the traffic of the shared services, at both ends. Only they reach into the application environments, and
/// only pods that opt in.
/// </summary>
public static class SystemAllowRules
{
    private const string ApiReason = "The shared services call the API server, except the pods that never need it.";

    /// <summary>The rules of the system namespace.</summary>
    /// <param name="platform">The inventory.</param>
    /// <param name="traffic">The traffic of all shared services.</param>
    public static AllowRules For(PlatformSpec platform, IReadOnlyList<Traffic> traffic)
    {
        var rules = AllowRules
            .None.AllowDns()
            .AllowInside([PeerSelector.Environment(platform.System.Name.Text)], "Shared services call each other.")
            .ForEach(traffic.OfType<Traffic.FromInternet>(), (all, one) => all.AllowFrom(Peer.Outside, one.Pods, one.Reason))
            .ForEach(Called(traffic), (all, called) => all.AllowFrom(Peer.ApiServer, called.Pods, called.Reason))
            .ForEach(platform.Applications, (all, environment) => WithEnvironment(all, platform, environment, traffic))
            .ForEach(traffic.OfType<Traffic.ToPeer>(), (all, one) => all.AllowTo(one.To, one.Pods, one.Reason))
            .ForEach(OverrideRules.Of(platform, platform.System.Name.Text), (all, rule) => all.And(rule));
        if (platform.Tier == ClusterTier.Enterprise)
            return rules;
        rules = rules.AllowTo(Peer.ApiServerOnCalico, ApiClients(traffic), ApiReason);
        return NodeReaders(traffic) is { } readers
            ? rules.AllowTo(
                new("nodes", [new PeerSelector.Addresses(NodeFirewallRules.NodeRange, [])]) { Ports = readers.Ports },
                readers.Pods,
                readers.Reason
            )
            : rules;
    }

    /// <summary>
    /// Rules that a NetworkPolicy cannot express where Cilium enforces it; none on the standard tier, which runs Calico.
    /// </summary>
    public static IReadOnlyList<JsonObject> CiliumPolicies(PlatformSpec platform, IReadOnlyList<Traffic> traffic)
    {
        var (system, name) = (platform.System, platform.System.Name.Text);
        return platform.Tier == ClusterTier.Standard
            ? []
            :
            [
                CiliumPolicy.ToApiServer(platform, system, name, ApiClients(traffic), ApiReason),
                .. NodeReaders(traffic) is { } readers
                    ? [CiliumPolicy.ToNodes(platform, system, name, readers.Pods, readers.Ports, readers.Reason)]
                    : Array.Empty<JsonObject>(),
            ];
    }

    /// <summary>The rules of an application environment's namespace for the same traffic.</summary>
    /// <param name="platform">The inventory.</param>
    /// <param name="traffic">The traffic of all shared services.</param>
    public static IReadOnlyList<AllowRule> InEnvironments(PlatformSpec platform, IReadOnlyList<Traffic> traffic)
    {
        var system = platform.System.Name.Text;
        return AllowRules
            .None.ForEach(
                traffic.OfType<Traffic.ForwardsRequests>(),
                (all, one) => all.AllowFrom(one.Pods.In(system), Exposed, one.ReasonInEnvironment)
            )
            .ForEach(
                traffic.OfType<Traffic.ScrapesMetrics>(),
                (all, one) =>
                    all.AllowFrom(
                        one.Pods.In(system),
                        PodGroup.Everyone.On(new Port(SegmentLabels.MetricsPort)),
                        one.ReasonInEnvironment
                    )
            )
            .Rules;
    }

    private static PodGroup Exposed { get; } = PodGroup.Labelled("exposed", SegmentLabels.FromGateway, "true");

    private static AllowRules WithEnvironment(
        AllowRules rules,
        PlatformSpec platform,
        ApplicationEnvironmentSpec environment,
        IReadOnlyList<Traffic> traffic
    )
    {
        var name = environment.Name.Text;
        // On egress a port is a number: the pods' own ingress rule has the port's name (see Port).
        var metrics = Peer.Environment(name) with
        {
            Ports = [.. platform.MetricsPorts.Select(port => new Port(port.ToString(CultureInfo.InvariantCulture)))],
        };
        return rules
            .ForEach(
                traffic.OfType<Traffic.ForwardsRequests>(),
                (all, one) => all.AllowTo(Peer.Environment(name, Exposed.Pods.Labels), one.Pods, Text(one.Reason, name))
            )
            .ForEach(
                traffic.OfType<Traffic.ScrapesMetrics>(),
                (all, one) => all.AllowTo(metrics, one.Pods, Text(one.Reason, name))
            );
    }

    // Groups that several services share come first; otherwise the order is the order of the services.
    private static IEnumerable<Traffic.FromApiServer> Called(IReadOnlyList<Traffic> traffic) =>
        traffic
            .OfType<Traffic.FromApiServer>()
            .GroupBy(one => one.Pods.Name)
            .OrderByDescending(group => group.Count() > 1)
            .Select(group =>
                group.Aggregate(
                    (one, two) =>
                        new(
                            one.Pods with
                            {
                                Pods = one.Pods.Pods.Or(two.Pods.Pods),
                                Ports = [.. one.Pods.Ports.Union(two.Pods.Ports)],
                            },
                            $"{one.Reason} {two.Reason}"
                        )
                )
            );

    private static PodGroup ApiClients(IReadOnlyList<Traffic> traffic) =>
        new(
            "api-clients",
            new([.. traffic.OfType<Traffic.NeverToApiServer>().SelectMany(one => one.Pods.Pods.Requirements).Select(Not)])
        );

    // A label that only the excluded pods have needs no value.
    private static LabelRequirement Not(LabelRequirement requirement) =>
        requirement.Operator == "Exists"
            ? requirement with
            {
                Operator = "DoesNotExist",
            }
            : requirement with
            {
                Operator = "NotIn",
            };

    private static Traffic.ToNodes? NodeReaders(IReadOnlyList<Traffic> traffic) =>
        traffic
            .OfType<Traffic.ToNodes>()
            .Select(one => one with { Pods = one.Pods with { Name = "node-readers" } })
            .Aggregate(
                (Traffic.ToNodes?)null,
                (all, one) =>
                    all is null
                        ? one
                        : new(
                            all.Pods with
                            {
                                Pods = all.Pods.Pods.Or(one.Pods.Pods),
                            },
                            [.. all.Ports.Union(one.Ports)],
                            $"{all.Reason} {one.Reason}"
                        )
            );

    private static string Text(string reason, string environment) =>
        string.Format(CultureInfo.InvariantCulture, reason, environment);
}
