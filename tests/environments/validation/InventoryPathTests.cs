using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Tests.Environments.Validation;

/// <summary>The paths of values in the inventory.</summary>
[Trait("Level", "pure")]
public sealed class InventoryPathTests
{
    private static readonly InventoryValue<PlatformSpec> s_inventory = InventoryValue.Of(Inventory.Platform);

    private static InventoryValue<ApplicationEnvironmentSpec> Staging =>
        s_inventory.Applications().Single(environment => environment.Value.Name.Text == "staging");

    [Fact]
    public void Path_of_the_inventory_itself_is_empty() => Assert.Equal("", s_inventory.Path.Text);

    [Fact]
    public void Path_of_a_property_is_its_name_in_camel_case() =>
        Assert.Equal(("dnsZone", Inventory.Platform.DnsZone), Pair(s_inventory.Of(platform => platform.DnsZone)));

    [Fact]
    public void Path_of_a_nested_property_is_joined_by_dots() =>
        Assert.Equal("state.archiveBucket", s_inventory.Of(platform => platform.State.ArchiveBucket).Path.Text);

    [Fact]
    public void Path_of_a_list_item_has_its_name_in_brackets()
    {
        var store = Staging.Optional(environment => environment.DataStore).Single();

        Assert.Equal("applications[staging].dataStore.subnet", store.Of(one => one.Subnet).Path.Text);
        Assert.Equal(store.Value.Subnet, store.Of(one => one.Subnet).Value);
    }

    [Fact]
    public void Path_does_not_depend_on_the_layout_of_the_lambda() =>
        Assert.Equal("state.bucket", s_inventory.Of(platform => platform.State!.Bucket).Path.Text);

    [Fact]
    public void Path_of_another_form_of_a_value_is_unchanged() =>
        Assert.Equal(("applications[staging].name", "staging"), Pair(Staging.Of(one => one.Name).Map(name => name.Text)));

    [Fact]
    public void Path_of_a_missing_optional_value_does_not_exist() =>
        Assert.Empty(
            InventoryValue
                .Of(Inventory.Platform with { Applications = [Development.Environment with { DataStore = null }] })
                .Applications()
                .SelectMany(environment => environment.Optional(spec => spec.DataStore))
        );

    [Fact]
    public void Path_of_an_environment_is_system_or_its_name() =>
        Assert.Equal(
            Inventory.Platform.Applications.Select(environment => $"applications[{environment.Name}]").Prepend("system"),
            s_inventory.Environments().Select(environment => environment.Path.Text)
        );

    [Fact]
    public void Path_of_a_lambda_that_calculates_is_refused()
    {
        Assert.Throws<ArgumentException>(() => s_inventory.Of(platform => platform.Pools.Count + 1));
        Assert.Throws<ArgumentException>(() => s_inventory.Of(platform => platform.Project.ToUpperInvariant()));
        Assert.Throws<ArgumentException>(() => s_inventory.Of(platform => platform.Pools[0]));
        Assert.Throws<ArgumentException>(() => s_inventory.Of(platform => Inventory.Platform.Project));
        Assert.Throws<ArgumentException>(() => s_inventory.Of(platform => platform));
    }

    private static (string, string) Pair(InventoryValue<string> value) => (value.Path.Text, value.Value);
}
