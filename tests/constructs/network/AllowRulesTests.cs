using InfraCdktf.Constructs.Network;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Constructs.Network;

/// <summary>The allow rules admit the connections that the platform needs, on both tiers.</summary>
[Trait("Level", "pure")]
public sealed class AllowRulesTests
{
    private static readonly PlatformSpec s_platform = Inventory.Platform;

    public static TheoryData<ClusterTier> Tiers => [.. Enum.GetValues<ClusterTier>()];

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Egress_rules_use_port_numbers_only(ClusterTier tier)
    {
        // Cilium ignores an egress rule with a named port if two pods in the cluster use different numbers for that name.
        var platform = s_platform with
        {
            Tier = tier,
        };
        var named = System(platform)
            .Rules.Concat(platform.Applications.SelectMany(environment => Of(platform, environment).Rules))
            .Where(rule => rule.Direction == Direction.Egress && rule.Ports.Any(port => !int.TryParse(port.Number, out _)))
            .Select(rule => rule.Name);
        Assert.Empty(named);
    }

    [Fact]
    public void Prometheus_reaches_environments_at_the_metrics_port_only() =>
        Assert.All(
            s_platform.Applications,
            environment =>
            {
                var rule = Of(s_platform, environment).Rules.Single(rule => rule.Name == "from-prometheus");
                Assert.Equal(Direction.Ingress, rule.Direction);
                Assert.Equal([new Port(SegmentLabels.MetricsPort)], rule.Ports);
            }
        );

    [Fact]
    public void Prometheus_reaches_the_name_servers_for_their_metrics()
    {
        var chart = SharedServices.For(s_platform).Single(service => service.Name == KubePrometheusStack.Name);
        Assert.Null(chart.Values["coreDns"]);
        var rule = System(s_platform).Rules.Single(rule => rule.Name == "prometheus-to-name-servers");
        Assert.Equal(Direction.Egress, rule.Direction);
        Assert.Equal("prometheus", rule.Pods.Labels["app.kubernetes.io/name"]);
        var peer = Assert.IsType<PeerSelector.InNamespaces>(Assert.Single(rule.Peers));
        Assert.Equal("kube-system", peer.Namespaces["kubernetes.io/metadata.name"]);
        // The default of the chart kube-prometheus-stack 88 (coreDns.service.targetPort).
        Assert.Equal([new Port("9153")], rule.Ports);
    }

    private static AllowRules System(PlatformSpec platform) => SystemAllowRules.For(platform, SharedServices.Traffic(platform));

    private static AllowRules Of(PlatformSpec platform, ApplicationEnvironmentSpec environment) =>
        EnvironmentAllowRules.For(
            platform,
            environment,
            environment.Name.Text,
            SystemAllowRules.InEnvironments(platform, SharedServices.Traffic(platform))
        );
}
