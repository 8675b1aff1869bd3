using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Linode;

/// <summary>
/// The nodes' firewall and the control plane's list, out of what was synthesized, asked for every port of every protocol from every kind of
/// place: what LKE needs is open, all else is closed.
/// </summary>
[Trait("Level", "synthesized")]
[Collection("synth")]
public sealed class EdgeTests(SynthesizedPlatform platform)
{
    private const string Everywhere = "1-65535";

    /// <summary>
    /// Tier, protocol, from where, which ports are open. Linode's node firewall baseline: LKE's own needs inside its private network, NodeBalancers to NodePorts,
    /// and on enterprise the nodes among themselves over the VPC.
    /// </summary>
    public static TheoryData<string, string, string, string> Open =>
        new()
        {
            { "enterprise", "TCP", "192.168.140.9", "53,179,5473,9098,10250,10256" },
            { "enterprise", "UDP", "192.168.140.9", "53,51820" },
            { "enterprise", "IPENCAP", "192.168.140.9", Everywhere },
            { "enterprise", "ICMP", "192.168.140.9", "" },
            // The NodeBalancers' range is a part of that network.
            { "enterprise", "TCP", "192.168.255.7", "53,179,5473,9098,10250,10256,30000-32767" },
            { "enterprise", "UDP", "192.168.255.7", "53,30000-32767,51820" },
            { "enterprise", "TCP", "10.64.3.3", Everywhere },
            { "enterprise", "UDP", "10.64.3.3", Everywhere },
            { "enterprise", "ICMP", "10.64.3.3", Everywhere },
            // The databases' subnets, private addresses of others, the office, the Internet.
            { "enterprise", "TCP", "10.64.16.5", "" },
            { "enterprise", "TCP", "192.168.127.255", "" },
            { "enterprise", "TCP", "203.0.113.5", "" },
            { "enterprise", "TCP", "8.8.8.8", "" },
            { "enterprise", "UDP", "8.8.8.8", "" },
            { "enterprise", "ICMP", "8.8.8.8", "" },
            { "enterprise", "TCP", "2001:db8::1", "" },
            // On standard a controller in the cluster has ten built-in rules for LKE's needs; this is what is asked of it besides.
            { "standard", "TCP", "192.168.140.9", "9098" },
            { "standard", "UDP", "192.168.140.9", "" },
            { "standard", "TCP", "8.8.8.8", "" },
            { "standard", "TCP", "10.64.3.3", "" },
        };

    [Theory]
    [MemberData(nameof(Open))]
    public void The_firewall_opens_what_is_needed_and_no_more(string tier, string protocol, string from, string ports) =>
        Assert.Equal(ports, Ports(Rules(tier, Shipped(tier)), protocol, from));

    [Fact]
    public void On_standard_no_firewall_of_ours_stands_beside_the_controllers() =>
        Assert.Empty(Shipped("standard").Stacks["core"].Of("linode_firewall"));

    [Theory]
    [InlineData("enterprise")]
    [InlineData("standard")]
    public void An_override_opens_its_ports_to_its_range_alone(string tier)
    {
        var output = platform.Synthesize(With(tier, SampleOverrides.Nodes, SampleOverrides.ControlPlane));
        var rules = Rules(tier, output);

        Assert.Equal("22,8000-8010", Ports(rules, "TCP", "198.51.100.80"));
        Assert.Equal("", Ports(rules, "TCP", "198.51.100.81"));
        Assert.Equal("", Ports(rules, "UDP", "198.51.100.80"));
        Assert.Equal(["203.0.113.0/28", "198.51.100.16/29", "203.0.113.64/32"], ControlPlane(output));
    }

    [Theory]
    [InlineData("enterprise")]
    [InlineData("standard")]
    public void The_control_plane_listens_to_the_named_networks_alone(string tier)
    {
        var output = Shipped(tier);
        Assert.Equal(Inventory.Platform.ControlPlaneAccess.Select(network => network.Range.Text), ControlPlane(output));
        Assert.All(ControlPlane(output), range => Assert.False(new Cidr(range).IsTooWide, range));
    }

    [Theory]
    [InlineData("enterprise")]
    [InlineData("standard")]
    public void Every_range_of_the_firewall_has_a_name_in_the_inventory_or_is_LKEs(string tier) =>
        Assert.All(
            Rules(tier, platform.Synthesize(With(tier, SampleOverrides.Nodes))),
            rule =>
                Assert.Contains(
                    $"{rule.From}",
                    new[] { "192.168.128.0/17", "192.168.255.0/24", "10.64.0.0/20", "198.51.100.80/32" }
                )
        );

    private SynthesizedOutput Shipped(string tier) => tier == "standard" ? platform.Standard : platform.Shipped;

    private static PlatformSpec With(string tier, params IReadOnlyList<NetworkOverride> overrides) =>
        (tier == "standard" ? Platforms.StandardTier : Inventory.Platform) with
        {
            Overrides = overrides,
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

    /// <summary>Every open port, found by asking for each of them.</summary>
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
