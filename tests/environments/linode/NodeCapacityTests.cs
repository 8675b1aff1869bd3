using InfraCdktf.Environments.Linode;

namespace InfraCdktf.Tests.Environments.Linode;

/// <summary>The assumed capacity of a node.</summary>
[Trait("Level", "pure")]
public sealed class NodeCapacityTests
{
    private const decimal Gi = 1024m * 1024m * 1024m;

    [Fact]
    public void Node_capacity_of_a_16_GiB_plan_matches_the_formula()
    {
        var node = NodeCapacity.Of(LinodeFacts.NodePlans["g6-dedicated-8"]);

        Assert.Equal(8 - 0.06m - 0.01m - 0.01m - 0.01m - 0.3m, node.Cpu);
        Assert.Equal((16 - 1m - 0.8m - 0.8m - 0.5m) * Gi - 100 * 1024 * 1024, node.Memory);
        Assert.Equal(100, node.Pods);
    }

    [Fact]
    public void Node_capacity_does_not_shrink_with_a_larger_plan()
    {
        var nodes = LinodeFacts.NodePlans.Values.OrderBy(plan => plan.MemoryMb).Select(NodeCapacity.Of).ToList();

        Assert.Equal(nodes.Select(node => node.Memory).Order(), nodes.Select(node => node.Memory));
        Assert.All(nodes, node => Assert.True(node is { Cpu: > 0, Memory: >= 0 }));
    }

    [Fact]
    public void Node_capacity_of_the_smallest_plan_is_not_negative() =>
        Assert.Equal(0, NodeCapacity.Of(new("nanode", 0, 64)).Memory);
}
