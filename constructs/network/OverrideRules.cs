using System.Globalization;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using static System.FormattableString;

namespace InfraCdktf.Constructs.Network;

/// <summary>
/// The allow rules of recorded overrides: one policy at each end that is a namespace of the platform, with the record's facts as
/// annotations. Overrides of the nodes' firewall and of the control plane are in <c>constructs/linode/</c>.
/// </summary>
public static class OverrideRules
{
    /// <summary>The rules of one namespace.</summary>
    public static IEnumerable<AllowRule> Of(PlatformSpec platform, string namespaceName) =>
        platform.Overrides.SelectMany(one =>
            one.Scope switch
            {
                OverrideScope.Pods pods =>
                [
                    .. pods.From.Namespace == namespaceName
                        ? [Rule(one, Direction.Egress, pods.From, Pods(pods.To), pods.Ports)]
                        : Array.Empty<AllowRule>(),
                    .. pods.To.Namespace == namespaceName
                        ? [Rule(one, Direction.Ingress, pods.To, Pods(pods.From), pods.Ports)]
                        : Array.Empty<AllowRule>(),
                ],
                OverrideScope.Outside outside when outside.From.Namespace == namespaceName =>
                [
                    Rule(one, Direction.Egress, outside.From, new PeerSelector.Addresses(outside.To.Text, []), outside.Ports),
                ],
                _ => Array.Empty<AllowRule>(),
            }
        );

    private static AllowRule Rule(
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
