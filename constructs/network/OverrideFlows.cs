using System.Globalization;
using InfraCdktf.Environments;
using static System.FormattableString;

namespace InfraCdktf.Constructs.Network;

/// <summary>
/// What recorded overrides open: one extra policy at each end that is a namespace of ours, with the record's facts as annotations; one rule of
/// the nodes' firewall; one entry of the control plane's list.
/// </summary>
public static class OverrideFlows
{
    /// <summary>The flows of a namespace.</summary>
    public static IEnumerable<Flow> Of(Environments.Platform platform, string space) =>
        platform.Overrides.SelectMany(one =>
            one.Opens switch
            {
                Opening.Pods pods =>
                [
                    .. pods.From.Namespace == space
                        ? [Flow(one, Direction.Egress, pods.From, Pods(pods.To), pods.Ports)]
                        : Array.Empty<Flow>(),
                    .. pods.To.Namespace == space
                        ? [Flow(one, Direction.Ingress, pods.To, Pods(pods.From), pods.Ports)]
                        : Array.Empty<Flow>(),
                ],
                Opening.Outside outside when outside.From.Namespace == space =>
                [
                    Flow(one, Direction.Egress, outside.From, new Peer.Addresses(outside.To.Text, []), outside.Ports),
                ],
                _ => Array.Empty<Flow>(),
            }
        );

    /// <summary>The rules of the nodes' firewall.</summary>
    public static IEnumerable<FirewallRule> OfNodes(Environments.Platform platform) =>
        from one in platform.Overrides
        let nodes = one.Opens as Opening.Nodes
        where nodes is not null
        select new FirewallRule(
            Naming.Override(one),
            nodes.Ports[0].ProtocolText,
            string.Join(", ", nodes.Ports.Select(ports => ports.Range)),
            nodes.From,
            one.Reason
        );

    /// <summary>The ranges of the control plane's list.</summary>
    public static IEnumerable<Cidr> OfControlPlane(Environments.Platform platform) =>
        platform.Overrides.Select(one => one.Opens).OfType<Opening.ControlPlane>().Select(plane => plane.From);

    private static Flow Flow(
        NetworkOverride one,
        Direction direction,
        OverrideEnd end,
        Peer other,
        IReadOnlyList<OpenPorts> ports
    ) =>
        new()
        {
            Name = $"{Naming.Override(one)}-{direction.ToString().ToLowerInvariant()}",
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

    private static Peer Pods(OverrideEnd end) => Peer.Namespace(end.Namespace, end.Pods);
}
