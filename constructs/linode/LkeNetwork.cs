using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Constructs.Linode;

/// <summary>One inbound rule of the nodes' firewall.</summary>
/// <param name="Label">3-32 characters (Linode API).</param>
/// <param name="Protocol">TCP, UDP, ICMP or IPENCAP.</param>
/// <param name="Ports">Ports and ranges, comma separated; null where the protocol has none, or for all.</param>
/// <param name="From">Where from.</param>
/// <param name="Reason">Why.</param>
public sealed record FirewallRule(string Label, string Protocol, string? Ports, Cidr From, string Reason);

/// <summary>What LKE itself needs open between its parts (Linode's node firewall baseline; LKE Enterprise adds the VPC).</summary>
public static class LkeNetwork
{
    /// <summary>The private range in which LKE's nodes and control plane talk to each other.</summary>
    public const string NodeRange = "192.168.128.0/17";

    /// <summary>The range that NodeBalancers connect from.</summary>
    public const string NodeBalancerRange = "192.168.255.0/24";

    /// <summary>The inbound rules of the nodes' firewall; everything else is dropped.</summary>
    public static IReadOnlyList<FirewallRule> Inbound(PlatformSpec platform) =>
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
            .. OverrideRules.OfNodes(platform),
        ];
}
