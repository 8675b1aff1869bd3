using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

public static partial class SharedServices
{
    private const string CloudFirewallRepository = "https://linode.github.io/cloud-firewall-controller";
    private const string CloudFirewallDefinitionsRelease = "cloud-firewall-crd";

    /// <summary>The CloudFirewall CRD, a chart of its own without values.</summary>
    private static SharedService CloudFirewallDefinitions() =>
        new()
        {
            Name = CloudFirewallDefinitionsRelease,
            Chart = new("cloud-firewall-crd", CloudFirewallRepository, "0.2.0"),
            // With its controller, below.
            Namespace = KubeSystem,
            Values = [],
        };

    /// <summary>
    /// The nodes' firewall where Linode ignores <c>firewall_id</c> on pools: the standard tier. Removing this release deletes the firewall.
    /// </summary>
    private static SharedService CloudFirewall(PlatformSpec platform) =>
        new()
        {
            Name = "cloud-firewall-controller",
            Chart = new("cloud-firewall-controller", CloudFirewallRepository, "0.2.1"),
            // Its code knows no other namespace, its token is LKE's own Secret kube-system/linode, and it can be given no seccomp profile,
            // which the restricted namespace of the system environment demands.
            Namespace = KubeSystem,
            DependsOn = [CloudFirewallDefinitionsRelease],
            Values = new()
            {
                ["resources"] = Resources("10m", "64Mi", "100m", "128Mi"),
                // Set from the first day: once the controller has made its own firewall, Helm refuses to own it. Its ten built-in rules leave
                // out TCP 9098 (Calico Typha's health), which LKE's nodes need among themselves.
                ["firewall"] = new JsonObject
                {
                    ["inbound"] = new JsonArray([
                        .. OverrideRules
                            .OfNodes(platform)
                            .Prepend(
                                new(
                                    "allow-typha-health",
                                    "TCP",
                                    "9098",
                                    LkeNetwork.NodeRange,
                                    "Calico Typha health checks between nodes"
                                )
                            )
                            .Select(Rule),
                    ]),
                },
                ["nodeSelector"] = OnSystemPool(platform),
                ["tolerations"] = ToleratesSystemPool(platform),
            },
        };

    private static JsonObject Rule(FirewallRule rule) =>
        new()
        {
            ["label"] = rule.Label,
            ["action"] = "ACCEPT",
            ["description"] = rule.Reason,
            ["protocol"] = rule.Protocol,
            ["ports"] = rule.Ports,
            ["addresses"] = new JsonObject { [rule.From.IsIPv4 ? "ipv4" : "ipv6"] = new JsonArray(rule.From.Text) },
        };
}
