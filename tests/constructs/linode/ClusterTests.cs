using System.Text.Json.Nodes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Linode;

/// <summary>The LKE cluster and its node pools, on both tiers.</summary>
[Trait("Level", "synthesized")]
public sealed class ClusterTests(SynthesizedPlatform platform)
{
    [Fact]
    public void Node_pools_are_in_the_order_that_Linode_keeps()
    {
        var pools = platform.Shipped.Stacks["core"].Of("linode_lke_cluster").Single().Body["pool"]!.AsArray();
        // The order matters: a swap is planned as a change of both pools, and a change of the node type replaces all nodes.
        Assert.Equal(["system", "application", "build"], pools.Select(pool => Text(pool!["label"])));
        Assert.All(
            pools,
            pool =>
            {
                Assert.InRange(pool!["autoscaler"]!["min"]!.GetValue<int>(), 1, 10);
                Assert.InRange(pool["autoscaler"]!["max"]!.GetValue<int>(), 1, 10);
                Assert.Equal("enabled", Text(pool["disk_encryption"]));
                Assert.Equal("${linode_firewall.network_nodes_firewall.id}", Text(pool["firewall_id"]));
                // With any of these arguments, every plan shows a change (measured).
                Assert.Empty(pool.AsObject().Select(entry => entry.Key).Intersect(["count", "update_strategy"]));
            }
        );
    }

    [Fact]
    public void Standard_tier_has_no_VPC_nodes_and_no_pool_firewall()
    {
        var core = platform.Standard.Stacks["core"];
        var cluster = core.Of("linode_lke_cluster").Single().Body;
        Assert.Equal("standard", Text(cluster["tier"]));
        Assert.Null(cluster["vpc_id"]);
        Assert.Null(cluster["subnet_id"]);
        Assert.All(cluster["pool"]!.AsArray(), pool => Assert.Null(pool!["firewall_id"]));
        Assert.Empty(core.Of("linode_firewall"));
    }

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
