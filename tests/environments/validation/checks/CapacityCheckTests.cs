using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Environments.Validation.Checks;

/// <summary>Capacity of environments for their services, computed independently of the inventory check (NFR-008).</summary>
[Trait("Level", "pure")]
public sealed class CapacityCheckTests
{
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
}
