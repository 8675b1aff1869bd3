using InfraCdktf.Environments;
using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Environments.Validation;

/// <summary>Capacity of environments and nodes, computed independently of the inventory check (NFR-008).</summary>
[Trait("Level", "pure")]
public sealed class CapacityTests
{
    private const decimal Gi = 1024m * 1024m * 1024m;

    /// <summary>The names of the application environments.</summary>
    public static TheoryData<string> Applications =>
        [.. Inventory.Platform.Applications.Select(environment => environment.Name.Text)];

    [Theory]
    [MemberData(nameof(Applications))]
    public void Environment_fits_30_services_during_rolling_updates(string name)
    {
        EnvironmentSpec environment = Inventory.Platform.Applications.Single(one => one.Name.Text == name);
        var pods = 30 * (environment.Services.Replicas + 1);

        Assert.True(environment.Services.Count >= 30);
        Assert.InRange(pods, 30, environment.Quota.Pods);
        Assert.InRange(pods * environment.Containers.RequestCpu.Value, 0, environment.Quota.RequestsCpu.Value);
        Assert.InRange(pods * environment.Containers.RequestMemory.Value, 0, environment.Quota.RequestsMemory.Value);
        Assert.InRange(pods * environment.Containers.LimitCpu.Value, 0, environment.Quota.LimitsCpu.Value);
        Assert.InRange(pods * environment.Containers.LimitMemory.Value, 0, environment.Quota.LimitsMemory.Value);
    }

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
