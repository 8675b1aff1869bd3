using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Environments.Model;

/// <summary>Sums of pods, CPUs and memory.</summary>
[Trait("Level", "pure")]
public sealed class ResourceTotalsTests
{
    private const decimal Gi = 1024m * 1024m * 1024m;

    [Fact]
    public void Resource_totals_of_services_count_an_extra_pod_each()
    {
        var environment = Development.Environment with
        {
            Services = new(10, 2),
            Containers = Development.Environment.Containers with
            {
                RequestCpu = "100m",
                RequestMemory = "1Gi",
                LimitCpu = "1",
                LimitMemory = "2Gi",
            },
        };

        Assert.Equal(new(30, 3, 30 * Gi, 30, 60 * Gi), ResourceTotals.OfServices(environment));
    }

    [Fact]
    public void Resource_totals_of_a_quota_are_its_numbers() =>
        Assert.Equal(new(120, 8, 16 * Gi, 32, 32 * Gi), ResourceTotals.Of(Development.Environment.Quota));

    [Fact]
    public void Resource_totals_are_added_and_multiplied()
    {
        ResourceTotals one = new(1, 2, 3, 4, 5);

        Assert.Equal(one.Times(3), one + one + one);
    }
}
