using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Linode;

/// <summary>
/// The firewall of the nodes and the allow-list of the control plane, as synthesized. The tests check every port of each protocol
/// from each kind of source address: the ports that LKE needs are open, all other ports are closed.
/// </summary>
[Trait("Level", "synthesized")]
public sealed class EdgeTests(SynthesizedPlatform platform)
{
    private const string Everywhere = "1-65535";

    /// <summary>
    /// Tier, protocol, source address, open ports. The expected rules are Linode's baseline for a node firewall: LKE's ports
    /// inside its private network, NodeBalancers to NodePorts, and on the enterprise tier all ports between nodes in the VPC.
    /// </summary>
    public static TheoryData<string, string, string, string> Open =>
        new()
        {
            { "enterprise", "TCP", "192.168.140.9", "53,179,5473,9098,10250,10256" },
            { "enterprise", "UDP", "192.168.140.9", "53,51820" },
            { "enterprise", "IPENCAP", "192.168.140.9", Everywhere },
            { "enterprise", "ICMP", "192.168.140.9", "" },
            // The range of the NodeBalancers is part of Linode's private network.
            { "enterprise", "TCP", "192.168.255.7", "53,179,5473,9098,10250,10256,30000-32767" },
            { "enterprise", "UDP", "192.168.255.7", "53,30000-32767,51820" },
            { "enterprise", "TCP", "10.64.3.3", Everywhere },
            { "enterprise", "UDP", "10.64.3.3", Everywhere },
            { "enterprise", "ICMP", "10.64.3.3", Everywhere },
            // A database subnet, another private address, a network in the control plane's allow-list, the Internet.
            { "enterprise", "TCP", "10.64.16.5", "" },
            { "enterprise", "TCP", "192.168.127.255", "" },
            { "enterprise", "TCP", "203.0.113.5", "" },
            { "enterprise", "TCP", "8.8.8.8", "" },
            { "enterprise", "UDP", "8.8.8.8", "" },
            { "enterprise", "ICMP", "8.8.8.8", "" },
            { "enterprise", "TCP", "2001:db8::1", "" },
            // On the standard tier a controller in the cluster has ten built-in rules for LKE. These are the additional rules.
            { "standard", "TCP", "192.168.140.9", "9098" },
            { "standard", "UDP", "192.168.140.9", "" },
            { "standard", "TCP", "8.8.8.8", "" },
            { "standard", "TCP", "10.64.3.3", "" },
        };

    [Theory]
    [MemberData(nameof(Open))]
    public void Node_firewall_opens_only_the_required_ports(string tier, string protocol, string from, string ports) =>
        Assert.Equal(ports, Ports(Rules(tier, Shipped(tier)), protocol, from));

    [Fact]
    public void Standard_tier_has_no_firewall_besides_the_controller() =>
        Assert.Empty(Shipped("standard").Stacks["core"].Of("linode_firewall"));

    [Theory]
    [InlineData("enterprise")]
    [InlineData("standard")]
    public void Node_override_opens_its_ports_to_its_range_only(string tier)
    {
        var output = Overridden(tier);
        var rules = Rules(tier, output);

        Assert.Equal("22,8000-8010", Ports(rules, "TCP", "198.51.100.80"));
        Assert.Equal("", Ports(rules, "TCP", "198.51.100.81"));
        Assert.Equal("", Ports(rules, "UDP", "198.51.100.80"));
        Assert.Equal(["203.0.113.0/28", "198.51.100.16/29", "203.0.113.64/32"], ControlPlane(output));
    }

    [Theory]
    [InlineData("enterprise")]
    [InlineData("standard")]
    public void Control_plane_allows_only_the_networks_of_the_inventory(string tier)
    {
        var output = Shipped(tier);
        Assert.Equal(Inventory.Platform.ControlPlaneAccess.Select(network => network.Range.Text), ControlPlane(output));
        Assert.All(ControlPlane(output), range => Assert.False(new Cidr(range).IsTooWide, range));
    }

    [Theory]
    [InlineData("enterprise")]
    [InlineData("standard")]
    public void Node_firewall_ranges_belong_to_the_inventory_or_to_LKE(string tier) =>
        Assert.All(
            Rules(tier, Overridden(tier)),
            rule =>
                Assert.Contains(
                    $"{rule.From}",
                    new[] { "192.168.128.0/17", "192.168.255.0/24", "10.64.0.0/20", "198.51.100.80/32" }
                )
        );

    private SynthesizedOutput Shipped(string tier) => tier == "standard" ? platform.Standard : platform.Shipped;

    private SynthesizedOutput Overridden(string tier) => platform.Of(s_overridden[tier]);

    private static readonly Dictionary<string, PlatformSpec> s_overridden = new()
    {
        ["enterprise"] = WithOverrides(Inventory.Platform),
        ["standard"] = WithOverrides(Platforms.StandardTier),
    };

    private static PlatformSpec WithOverrides(PlatformSpec platform) =>
        platform with
        {
            Overrides = [SampleOverrides.Nodes, SampleOverrides.ControlPlane],
        };

    private static IReadOnlyList<Rule> Rules(string tier, SynthesizedOutput output)
    {
        var rules =
            tier == "standard"
                ? output
                    .Resources.Single(resource =>
                        resource.Type == "helm_release"
                        && resource.Body["name"]!.GetValue<string>() == "cloud-firewall-controller"
                    )
                    .HelmValues["firewall"]!["inbound"]!
                : output.Stacks["core"].Of("linode_firewall").Single().Body["inbound"]!;
        return
        [
            .. from rule in rules.AsArray()
            let addresses = rule["addresses"] ?? rule
            from family in new[] { "ipv4", "ipv6" }
            from address in addresses[family]?.AsArray() ?? []
            where rule["action"]!.GetValue<string>() == "ACCEPT"
            select new Rule(
                rule["protocol"]!.GetValue<string>(),
                (string?)rule["ports"] ?? Everywhere,
                IPNetwork.Parse(address!.GetValue<string>())
            ),
        ];
    }

    /// <summary>All open ports for a source address, as a list of ports and ranges ("22,8000-8010").</summary>
    private static string Ports(IReadOnlyList<Rule> rules, string protocol, string from)
    {
        var open = new SortedSet<int>(
            rules
                .Where(rule => rule.Protocol == protocol && rule.From.Contains(IPAddress.Parse(from)))
                .SelectMany(rule => rule.Ports.Split(','))
                .SelectMany(range =>
                {
                    var ends = range.Split('-').Select(end => int.Parse(end.Trim(), CultureInfo.InvariantCulture)).ToArray();
                    return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
                })
        );
        var ranges = new List<string>();
        foreach (var first in open.Where(port => !open.Contains(port - 1)))
        {
            var last = first;
            while (open.Contains(last + 1))
                last++;
            ranges.Add(first == last ? $"{first}" : $"{first}-{last}");
        }
        return string.Join(',', ranges);
    }

    private static IEnumerable<string> ControlPlane(SynthesizedOutput output)
    {
        var acl = output.Stacks["core"].Of("linode_lke_cluster").Single().Body["control_plane"]!["acl"]!;
        Assert.True(acl["enabled"]!.GetValue<bool>());
        return new[] { "ipv4", "ipv6" }
            .SelectMany(family => acl["addresses"]![0]![family]?.AsArray() ?? [])
            .Select(range => range!.GetValue<string>());
    }

    private sealed record Rule(string Protocol, string Ports, IPNetwork From);
}
