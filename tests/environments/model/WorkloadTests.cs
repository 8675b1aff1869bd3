using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Model;

/// <summary>The pods and the resources of shared services.</summary>
[Trait("Level", "pure")]
public sealed class WorkloadTests
{
    private const decimal Gi = 1024m * 1024m * 1024m;

    private static readonly PlatformSpec s_platform = Platforms.Three;

    [Fact]
    public void Deployment_needs_one_more_pod_during_an_update()
    {
        Assert.Equal(new(2, 0.4m, 1 * Gi, 4, 2 * Gi), SampleWorkloads.Gateway.RunningIn(s_platform));
        Assert.Equal(new(3, 0.6m, 1.5m * Gi, 6, 3 * Gi), SampleWorkloads.Gateway.UpdatingIn(s_platform));
    }

    [Fact]
    public void StatefulSet_needs_no_more_pods_during_an_update() =>
        Assert.Equal(SampleWorkloads.Prometheus.RunningIn(s_platform), SampleWorkloads.Prometheus.UpdatingIn(s_platform));

    [Fact]
    public void DaemonSet_has_a_pod_on_every_node_of_its_pools()
    {
        Assert.Equal(6 + 10 + 10, SampleWorkloads.Agent.PodsIn(s_platform));
        Assert.Equal(6, (SampleWorkloads.Agent with { Pool = "system" }).PodsIn(s_platform));
        Assert.Equal(6.5m, SampleWorkloads.Agent.RunningIn(s_platform).LimitsCpu);
    }

    [Fact]
    public void Workloads_run_in_the_namespaces_of_the_system_environment() =>
        Assert.Equal(["system", "system", "system-agents"], SampleWorkloads.All.Select(one => one.NamespaceIn(s_platform)));
}
