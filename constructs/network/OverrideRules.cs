using System.Globalization;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Environments.Values;
using static System.FormattableString;

namespace InfraCdktf.Constructs.Network;

/// <summary>
/// What recorded overrides open: one extra policy at each end that is a namespace of ours, with the record's facts as annotations; one rule of
/// the nodes' firewall; one entry of the control plane's list.
/// </summary>
public static class OverrideRules
{
    /// <summary>The flows of a namespace.</summary>
    public static IEnumerable<AllowRule> Of(PlatformSpec platform, string space) =>
        platform.Overrides.SelectMany(one =>
            one.Scope switch
            {
                OverrideScope.Pods pods =>
                [
                    .. pods.From.Namespace == space
                        ? [Flow(one, Direction.Egress, pods.From, Pods(pods.To), pods.Ports)]
                        : Array.Empty<AllowRule>(),
                    .. pods.To.Namespace == space
                        ? [Flow(one, Direction.Ingress, pods.To, Pods(pods.From), pods.Ports)]
                        : Array.Empty<AllowRule>(),
                ],
                OverrideScope.Outside outside when outside.From.Namespace == space =>
                [
                    Flow(one, Direction.Egress, outside.From, new PeerSelector.Addresses(outside.To.Text, []), outside.Ports),
                ],
                _ => Array.Empty<AllowRule>(),
            }
        );

    /// <summary>The rules of the nodes' firewall.</summary>
    public static IEnumerable<FirewallRule> OfNodes(PlatformSpec platform) =>
        from one in platform.Overrides
        let nodes = one.Scope as OverrideScope.Nodes
        where nodes is not null
        select new FirewallRule(
            ResourceNames.Override(one),
            nodes.Ports[0].ProtocolText,
            string.Join(", ", nodes.Ports.Select(ports => ports.Range)),
            nodes.From,
            one.Reason
        );

    /// <summary>The ranges of the control plane's list.</summary>
    public static IEnumerable<Cidr> OfControlPlane(PlatformSpec platform) =>
        platform.Overrides.Select(one => one.Scope).OfType<OverrideScope.ControlPlane>().Select(plane => plane.From);

    private static AllowRule Flow(
        NetworkOverride one,
        Direction direction,
        OverridePods end,
        PeerSelector other,
        IReadOnlyList<PortRange> ports
    ) =>
        new()
        {
            Name = $"{ResourceNames.Override(one)}-{direction.ToString().ToLowerInvariant()}",
            Reason = one.Reason,
            Direction = direction,
            Pods = LabelSelector.With(end.Pods),
            Peers = [other],
            Ports =
            [
                .. ports.Select(open => new Port(
                    open.First.ToString(CultureInfo.InvariantCulture),
                    open.ProtocolText,
                    open.Last
                )),
            ],
            Annotations = new Dictionary<string, string>
            {
                ["override/requested-by"] = one.RequestedBy,
                ["override/ticket"] = one.Ticket,
                ["override/approved-by"] = string.Join(", ", one.Approvers),
                ["override/opened"] = Invariant($"{one.Opened:yyyy-MM-dd}"),
                [NetworkOverride.ExpiresAnnotation] = Invariant($"{one.Expires:yyyy-MM-dd}"),
            },
        };

    private static PeerSelector Pods(OverridePods end) => PeerSelector.Namespace(end.Namespace, end.Pods);
}
