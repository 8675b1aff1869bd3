using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Linode;

/// <summary>
/// The inbound rules of the nodes' firewall: the traffic that LKE itself needs, and the recorded overrides. Everything else is
/// dropped.
/// </summary>
public static class NodeFirewallRules
{
    /// <summary>The private range in which LKE's nodes and control plane talk to each other.</summary>
    public const string NodeRange = "192.168.128.0/17";

    /// <summary>The range that NodeBalancers connect from.</summary>
    public const string NodeBalancerRange = "192.168.255.0/24";

    /// <summary>All rules. Source: Linode's node firewall baseline; LKE Enterprise adds the VPC.</summary>
    public static IReadOnlyList<FirewallRule> For(PlatformSpec platform) =>
        [
            new(
                "lke-control-tcp",
                "TCP",
                "53, 179, 5473, 9098, 10250, 10256",
                NodeRange,
                "Kubelet, DNS, BGP, Typha, kube-proxy health, konnectivity."
            ),
            new("lke-control-udp", "UDP", "53, 51820", NodeRange, "DNS and WireGuard."),
            new("lke-control-ipencap", "IPENCAP", null, NodeRange, "Pod traffic between nodes."),
            new("nodebalancer-tcp", "TCP", "30000-32767", NodeBalancerRange, "NodeBalancers reach NodePorts."),
            new("nodebalancer-udp", "UDP", "30000-32767", NodeBalancerRange, "NodeBalancers reach NodePorts."),
            .. platform.Tier == ClusterTier.Enterprise
                ?
                [
                    new(
                        "vpc-nodes-tcp",
                        "TCP",
                        "1-65535",
                        platform.Addresses.Nodes,
                        "Nodes of LKE Enterprise talk over the VPC."
                    ),
                    new(
                        "vpc-nodes-udp",
                        "UDP",
                        "1-65535",
                        platform.Addresses.Nodes,
                        "Cilium's VXLAN and health checks over the VPC."
                    ),
                    new("vpc-nodes-icmp", "ICMP", null, platform.Addresses.Nodes, "Cilium's health checks."),
                ]
                : Array.Empty<FirewallRule>(),
            .. Overrides(platform),
        ];

    /// <summary>
    /// The rules on the standard tier in addition to the ten that the controller in the cluster has built in for LKE.
    /// </summary>
    public static IReadOnlyList<FirewallRule> BesideController(PlatformSpec platform) =>
        [
            new("allow-typha-health", "TCP", "9098", NodeRange, "Calico Typha health checks between nodes"),
            new("allow-node-exporter", "TCP", "9100", NodeRange, "Prometheus scrapes the node exporters"),
            .. Overrides(platform),
        ];

    /// <summary>The number of rules of the nodes' firewall on the platform's tier.</summary>
    public static int Count(PlatformSpec platform) =>
        platform.Tier == ClusterTier.Standard ? BuiltIn + BesideController(platform).Count : For(platform).Count;

    // internal/rules/defaults.go of linode/cloud-firewall-controller
    private const int BuiltIn = 10;

    /// <summary>The rules of the recorded overrides.</summary>
    public static IEnumerable<FirewallRule> Overrides(PlatformSpec platform) =>
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
}
