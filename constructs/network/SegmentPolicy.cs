using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.NetworkPolicyV1;
using InfraCdktf.Constructs.Kubernetes;

namespace InfraCdktf.Constructs.Network;

/// <summary>Input of <see cref="SegmentPolicy"/>.</summary>
public sealed record SegmentPolicyProps
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Labels of the policies.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The traffic that is allowed in addition to the default deny.</summary>
    public required AllowRules AllowRules { get; init; }
}

/// <summary>
/// The network policies of one namespace: a default deny in both directions for every pod, then one policy for each allow rule.
/// Network policies add up, so an allow rule can only widen the default deny.
/// </summary>
public sealed class SegmentPolicy : Construct
{
    private readonly SegmentPolicyProps _props;

    /// <summary>Creates the policies.</summary>
    public SegmentPolicy(Construct scope, string id, SegmentPolicyProps props)
        : base(scope, id)
    {
        _props = props;
        var defaultDeny = Policy(
            "default-deny",
            "No traffic is allowed except the traffic that another policy allows.",
            new() { PodSelector = new NetworkPolicyV1SpecPodSelector(), PolicyTypes = ["Ingress", "Egress"] }
        );
        Policies =
        [
            defaultDeny,
            .. props.AllowRules.Rules.Select(rule => Policy($"allow-{rule.Name}", rule.Reason, Spec(rule), rule.Annotations)),
        ];
    }

    /// <summary>
    /// All policies. Workloads depend on every policy: they start with the traffic that they need, and destroy, which runs in
    /// reverse order, removes an allow rule only after the workload.
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
                    Annotations = (annotations ?? new Dictionary<string, string>())
                        .Append(new("reason", reason))
                        .ToDictionary(one => one.Key, one => TerraformText.Escape(one.Value)),
                },
                Spec = spec,
            }
        );

    private static NetworkPolicyV1Spec Spec(AllowRule rule)
    {
        var pods = new NetworkPolicyV1SpecPodSelector
        {
            MatchLabels = Labels(rule.Pods.Labels),
            MatchExpressions = Expressions(rule.Pods),
        };
        return rule.Direction == Direction.Ingress
            ? new()
            {
                PodSelector = pods,
                PolicyTypes = ["Ingress"],
                Ingress = new[]
                {
                    new NetworkPolicyV1SpecIngress
                    {
                        From = rule.Peers.Select(From).ToArray(),
                        Ports = rule.Ports.Select(In).ToArray(),
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
                        To = rule.Peers.Select(To).ToArray(),
                        Ports = rule.Ports.Select(Out).ToArray(),
                    },
                },
            };
    }

    // The provider has separate types for the two directions, without a common base type.
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
            _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, "Unknown kind of peer selector."),
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
            _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, "Unknown kind of peer selector."),
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
