using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Environments;

/// <summary>The shipped inventory.</summary>
[Trait("Level", "pure")]
public sealed class InventoryTests
{
    [Fact]
    public void Inventory_lists_the_environments_in_the_order_of_a_change() =>
        Assert.Equal(
            [Development.Environment, Staging.Environment, Production.Environment],
            Inventory.Platform.Applications.Where(environment =>
                environment.Name.Text is "development" or "staging" or "production"
            )
        );

    [Fact]
    public void Inventory_has_the_system_environment() => Assert.Same(SystemEnvironment.Environment, Inventory.Platform.System);

    [Fact]
    public void Inventory_has_the_recorded_overrides() => Assert.Same(NetworkOverrides.All, Inventory.Platform.Overrides);

    [Fact]
    public void Inventory_has_no_exception_from_Pod_Security_restricted() =>
        Assert.All(
            Inventory.Platform.Environments,
            environment => Assert.Equal(PodSecurityLevel.Restricted, environment.PodSecurity)
        );
}
