using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.NetworkPolicyV1;

namespace InfraCdktf.Constructs.Network;

/// <summary>What <see cref="SegmentPolicy"/> needs.</summary>
public sealed record SegmentPolicyProps
{
    /// <summary>The namespace that is segmented.</summary>
    public required string Namespace { get; init; }

    /// <summary>Labels of the policies.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>What is allowed on top of the default deny.</summary>
    public required AllowRules AllowRules { get; init; }
}

/// <summary>
/// A network segment: one policy that denies every pod of the namespace all traffic in both directions, then one policy for each flow that is
/// allowed. Policies add up, so a flow can only ever widen what the first one closes.
/// </summary>
public sealed class SegmentPolicy : Construct
{
    private readonly SegmentPolicyProps _props;

    /// <summary>Makes the policies.</summary>
    public SegmentPolicy(Construct scope, string id, SegmentPolicyProps props)
        : base(scope, id)
    {
        _props = props;
        var closed = Policy(
            "default-deny",
            "Nothing is allowed but what the other policies name.",
            new() { PodSelector = new NetworkPolicyV1SpecPodSelector(), PolicyTypes = ["Ingress", "Egress"] }
        );
        Policies =
        [
            closed,
            .. props.AllowRules.Rules.Select(flow => Policy($"allow-{flow.Name}", flow.Reason, Spec(flow), flow.Annotations)),
        ];
    }

    /// <summary>
    /// All policies. What runs in the namespace waits for the doors as well as for the wall: it starts with what it needs, and a destroy,
    /// which goes the other way round, never closes a door on a service that is still being removed.
    /// </summary>
    public IReadOnlyList<ITerraformDependable> Policies { get; }

    private NetworkPolicyV1 Policy(
        string name,
        string reason,
        NetworkPolicyV1Spec spec,
        IReadOnlyDictionary<string, string>? annotations = null
    ) =>
        new(
            this,
            name,
            new NetworkPolicyV1Config
            {
                Metadata = new NetworkPolicyV1Metadata
                {
                    Name = name,
                    Namespace = _props.Namespace,
                    Labels = _props.Labels.ToDictionary(),
                    Annotations = new Dictionary<string, string>(annotations ?? new Dictionary<string, string>())
                    {
                        ["reason"] = reason,
                    },
                },
                Spec = spec,
            }
        );

    private static NetworkPolicyV1Spec Spec(AllowRule flow)
    {
        var pods = new NetworkPolicyV1SpecPodSelector
        {
            MatchLabels = Labels(flow.Pods.Labels),
            MatchExpressions = Expressions(flow.Pods),
        };
        return flow.Direction == Direction.Ingress
            ? new()
            {
                PodSelector = pods,
                PolicyTypes = ["Ingress"],
                Ingress = new[]
                {
                    new NetworkPolicyV1SpecIngress
                    {
                        From = flow.Peers.Select(From).ToArray(),
                        Ports = flow.Ports.Select(In).ToArray(),
                    },
                },
            }
            : new()
            {
                PodSelector = pods,
                PolicyTypes = ["Egress"],
                Egress = new[]
                {
                    new NetworkPolicyV1SpecEgress
                    {
                        To = flow.Peers.Select(To).ToArray(),
                        Ports = flow.Ports.Select(Out).ToArray(),
                    },
                },
            };
    }

    // The provider has twin types for the two directions; there is nothing that both could be written as.
    private static NetworkPolicyV1SpecIngressFrom From(PeerSelector peer) =>
        peer switch
        {
            PeerSelector.InNamespaces pods => new()
            {
                NamespaceSelector = new NetworkPolicyV1SpecIngressFromNamespaceSelector { MatchLabels = Labels(pods.Namespaces) },
                PodSelector = new NetworkPolicyV1SpecIngressFromPodSelector { MatchLabels = Labels(pods.Pods) },
            },
            PeerSelector.Addresses range => new()
            {
                IpBlock = new NetworkPolicyV1SpecIngressFromIpBlock { Cidr = range.Range, Except = Except(range) },
            },
            _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, "Unknown kind of peer."),
        };

    private static NetworkPolicyV1SpecEgressTo To(PeerSelector peer) =>
        peer switch
        {
            PeerSelector.InNamespaces pods => new()
            {
                NamespaceSelector = new NetworkPolicyV1SpecEgressToNamespaceSelector { MatchLabels = Labels(pods.Namespaces) },
                PodSelector = new NetworkPolicyV1SpecEgressToPodSelector { MatchLabels = Labels(pods.Pods) },
            },
            PeerSelector.Addresses range => new()
            {
                IpBlock = new NetworkPolicyV1SpecEgressToIpBlock { Cidr = range.Range, Except = Except(range) },
            },
            _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, "Unknown kind of peer."),
        };

    private static NetworkPolicyV1SpecIngressPorts In(Port port) =>
        new()
        {
            Port = port.Number,
            Protocol = port.Protocol,
            EndPort = port.End,
        };

    private static NetworkPolicyV1SpecEgressPorts Out(Port port) =>
        new()
        {
            Port = port.Number,
            Protocol = port.Protocol,
            EndPort = port.End,
        };

    private static Dictionary<string, string>? Labels(IReadOnlyDictionary<string, string> labels) =>
        labels.Count > 0 ? labels.ToDictionary() : null;

    private static NetworkPolicyV1SpecPodSelectorMatchExpressions[]? Expressions(LabelSelector selector) =>
        selector.Expressions.Count == 0
            ? null
            :
            [
                .. selector.Expressions.Select(requirement => new NetworkPolicyV1SpecPodSelectorMatchExpressions
                {
                    Key = requirement.Key,
                    Operator = requirement.Operator,
                    Values = requirement.Values.Count > 0 ? [.. requirement.Values] : null,
                }),
            ];

    private static string[]? Except(PeerSelector.Addresses range) => range.Except.Count > 0 ? [.. range.Except] : null;
}
