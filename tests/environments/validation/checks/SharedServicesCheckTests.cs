using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Validation.Checks;

/// <summary>The capacity for the shared services, at its limits.</summary>
[Trait("Level", "pure")]
public sealed class SharedServicesCheckTests
{
    private static readonly Workload s_small = SampleWorkloads.Gateway with
    {
        Requests = new("1m", "1Mi"),
        Limits = new("1m", "1Mi"),
    };

    [Theory]
    [InlineData(WorkloadKind.Deployment, 149, true)]
    [InlineData(WorkloadKind.Deployment, 150, false)]
    [InlineData(WorkloadKind.StatefulSet, 150, true)]
    [InlineData(WorkloadKind.StatefulSet, 151, false)]
    public void Shared_services_may_use_the_whole_quota(WorkloadKind kind, int replicas, bool fits) =>
        Assert.Equal(fits, Problems(Platforms.Three, s_small with { Kind = kind, Replicas = replicas }).Count == 0);

    [Fact]
    public void Shared_services_report_the_needed_and_the_available_amount() =>
        Assert.Equal(
            "INF-410 system.quota.pods: given 150; "
                + "allowed: at least 201 pods: 1 workload(s) of shared services in namespace system during an update. "
                + "Raise the quota of the system environment, or lower the replicas or the resources of a shared service.",
            Assert.Single(Problems(Platforms.Three, s_small with { Replicas = 200 })).ToString()
        );

    [Fact]
    public void Shared_DaemonSets_do_not_use_the_quota_of_other_services()
    {
        Workload services = s_small with { Replicas = 149 };
        Workload agents = s_small with { Kind = WorkloadKind.DaemonSet };

        Assert.Empty(Problems(Platforms.Three, services, agents));
    }

    [Fact]
    public void Shared_services_on_another_pool_do_not_use_the_system_pool()
    {
        PlatformSpec platform = Platforms.Three with
        {
            Pools = [.. Platforms.Three.Pools.Select(pool => pool.Name == "system" ? pool with { MinNodes = 1 } : pool)],
        };
        Workload large = SampleWorkloads.Prometheus with { Requests = new("3", "4Gi") };

        Assert.Empty(Problems(platform, large));
        Assert.NotEmpty(Problems(platform, large, SampleWorkloads.Gateway with { Replicas = 10 }));
        Assert.Empty(Problems(platform, large, SampleWorkloads.Gateway with { Replicas = 10, Pool = "application" }));
    }

    private static IReadOnlyList<Problem> Problems(PlatformSpec platform, params Workload[] workloads) =>
        InventoryCheck.Problems(platform, new(workloads, []));
}
