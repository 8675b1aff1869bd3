using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Services;
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
            // The node exporters have port 9100. On the enterprise tier Prometheus reaches it over the VPC.
            { "standard", "TCP", "192.168.140.9", "53,179,5473,9098,9100,10250,10256" },
            { "standard", "UDP", "192.168.140.9", "53,51820" },
            { "standard", "IPENCAP", "192.168.140.9", Everywhere },
            { "standard", "TCP", "192.168.255.7", "53,179,5473,9098,9100,10250,10256,30000-32767" },
            { "standard", "UDP", "192.168.255.7", "53,30000-32767,51820" },
            { "standard", "ICMP", "8.8.8.8", Everywhere },
            { "standard", "TCP", "8.8.8.8", "" },
            { "standard", "TCP", "203.0.113.5", "" },
            { "standard", "TCP", "192.168.127.255", "" },
            { "standard", "TCP", "10.64.3.3", "" },
        };

    [Theory]
    [MemberData(nameof(Open))]
    public void Node_firewall_opens_only_the_required_ports(string tier, string protocol, string from, string ports) =>
        Assert.Equal(ports, Ports([.. BuiltIn(tier), .. Rules(tier, Shipped(tier))], protocol, from));

    /// <summary>
    /// The ports of nodes that pods of shared services connect to, and those of the API server's webhooks in pods with the node's
    /// network: from the address of another node, and on the enterprise tier from its address in the VPC.
    /// </summary>
    [Theory]
    [InlineData("enterprise", "10.64.3.3")]
    [InlineData("standard", "192.168.140.9")]
    public void Node_firewall_passes_every_port_that_a_scrape_needs(string tier, string from)
    {
        var spec = tier == "standard" ? Platforms.StandardTier : Inventory.Platform;
        var needed = SharedServices
            .Traffic(spec)
            .OfType<Traffic.ToNodes>()
            .SelectMany(traffic => traffic.Ports)
            .Distinct()
            .ToList();
        Assert.Equal(["10250", "9100"], needed.Select(port => port.Number).Order(StringComparer.Ordinal));
        var rules = BuiltIn(tier).Concat(Rules(tier, Shipped(tier))).ToList();
        Assert.All(
            needed,
            port =>
            {
                var open = Ports(rules, "TCP", from);
                Assert.True(Contains(open, port), $"{tier}: TCP {port.Number} from {from} is closed; open: {open}");
            }
        );
    }

    [Theory]
    [InlineData("enterprise")]
    [InlineData("standard")]
    public void Inventory_check_counts_every_rule_of_the_node_firewall(string tier) =>
        Assert.Equal(
            RuleCount(tier) + BuiltIn(tier).Count(rule => rule.From.BaseAddress.AddressFamily == AddressFamily.InterNetwork),
            SharedServices.Needs(tier == "standard" ? Platforms.StandardTier : Inventory.Platform).FirewallRules
        );

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

    /// <summary>
    /// The rules of the standard tier's controller that no value changes: internal/rules/defaults.go of
    /// linode/cloud-firewall-controller.
    /// </summary>
    private static IReadOnlyList<Rule> BuiltIn(string tier)
    {
        const string Nodes = "192.168.128.0/17";
        const string NodeBalancers = "192.168.255.0/24";
        return tier != "standard"
            ? []
            :
            [
                .. from rule in new[]
                {
                    ("ICMP", Everywhere, "0.0.0.0/0"),
                    ("ICMP", Everywhere, "::/0"),
                    ("TCP", "10250,10256", Nodes),
                    ("UDP", "51820", Nodes),
                    ("TCP", "53", Nodes),
                    ("UDP", "53", Nodes),
                    ("TCP", "179", Nodes),
                    ("TCP", "5473", Nodes),
                    ("TCP", "30000-32767", NodeBalancers),
                    ("UDP", "30000-32767", NodeBalancers),
                    ("IPENCAP", Everywhere, Nodes),
                }
                select new Rule(rule.Item1, rule.Item2, IPNetwork.Parse(rule.Item3)),
            ];
    }

    private int RuleCount(string tier) => Inbound(tier, Shipped(tier)).Count;

    private static bool Contains(string open, InfraCdktf.Constructs.Network.Port port) =>
        open.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(range => range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray())
            .Any(ends => int.Parse(port.Number, CultureInfo.InvariantCulture) is var one && ends[0] <= one && one <= ends[^1]);

    private static JsonArray Inbound(string tier, SynthesizedOutput output) =>
        (
            tier == "standard"
                ? output
                    .Resources.Single(resource =>
                        resource.Type == "helm_release"
                        && resource.Body["name"]!.GetValue<string>() == "cloud-firewall-controller"
                    )
                    .HelmValues["firewall"]!["inbound"]!
                : output.Stacks["core"].Of("linode_firewall").Single().Body["inbound"]!
        ).AsArray();

    private static IReadOnlyList<Rule> Rules(string tier, SynthesizedOutput output) =>
        [
            .. from rule in Inbound(tier, output)
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
