using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Validation;

/// <summary>The check of the inventory before synthesis.</summary>
[Trait("Level", "pure")]
public sealed class InventoryCheckTests
{
    /// <summary>The names of all broken inventories.</summary>
    public static TheoryData<string> Broken => [.. BrokenInventories.All.Select(broken => broken.ToString())];

    [Fact]
    public void Shipped_inventory_has_no_problems() => Assert.Empty(InventoryCheck.Problems(Inventory.Platform));

    [Theory]
    [MemberData(nameof(Broken))]
    public void Broken_inventory_is_refused_with_code_and_path(string name)
    {
        var broken = BrokenInventories.All.Single(one => one.ToString() == name);

        var problems = InventoryCheck.Problems(broken.Break(Inventory.Platform), broken.Services);

        Assert.Contains(problems, problem => problem.Code == broken.Kind.Code && problem.Path == broken.Path);
        Assert.All(problems, AssertComplete);
    }

    [Fact]
    public void Shipped_inventory_has_capacity_for_shared_services() =>
        Assert.Empty(InventoryCheck.Problems(Inventory.Platform, new(SampleWorkloads.All, [])));

    [Fact]
    public void Inventory_check_Require_includes_the_shared_services()
    {
        Workload large = SampleWorkloads.Gateway with { Replicas = 1000 };

        Assert.Same(Inventory.Platform, InventoryCheck.Require(Inventory.Platform, new(SampleWorkloads.All, [])));
        Assert.Throws<InventoryException>(() => InventoryCheck.Require(Inventory.Platform, new([large], [])));
    }

    [Fact]
    public void Inventory_check_reports_all_problems_together()
    {
        PlatformSpec platform = Inventory.Platform with
        {
            Project = "Infra",
            Region = "mars-1",
            KubernetesVersion = "latest",
            HighAvailability = false,
        };

        var codes = InventoryCheck.Problems(platform).Select(problem => problem.Code);

        Assert.Equal(
            [
                ProblemCatalog.InvalidName.Code,
                ProblemCatalog.KubernetesVersion.Code,
                ProblemCatalog.HighAvailability.Code,
                ProblemCatalog.UnknownRegion.Code,
            ],
            codes.Distinct()
        );
    }

    [Fact]
    public void Inventory_check_does_not_throw_for_all_defects_at_once()
    {
        PlatformSpec platform = BrokenInventories.All.Aggregate(Inventory.Platform, (before, broken) => broken.Break(before));

        Assert.True(InventoryCheck.Problems(platform).Count >= 10);
    }

    [Fact]
    public void Inventory_check_Require_throws_with_all_problems()
    {
        Assert.Same(Inventory.Platform, InventoryCheck.Require(Inventory.Platform));

        var exception = Assert.Throws<InventoryException>(() =>
            InventoryCheck.Require(Inventory.Platform with { Region = "mars-1", HighAvailability = false })
        );

        Assert.Equal(Lines(exception.Problems), exception.Message.Split('\n')[1..]);
        Assert.Equal("The inventory has 2 problem(s):", exception.Message.Split('\n')[0]);
    }

    [Fact]
    public void Inventory_with_two_environments_has_no_problems() =>
        Assert.Empty(InventoryCheck.Problems(Inventory.Platform with { Applications = [Production.Environment] }));

    [Fact]
    public void Inventory_with_an_added_environment_has_no_problems()
    {
        ApplicationEnvironmentSpec qa = Development.Environment with
        {
            Name = "qa",
            Purpose = "Manual tests.",
            DataStore = Development.Environment.DataStore! with { Subnet = "10.64.200.0/24" },
            Exposure = new("qa"),
        };

        Assert.Empty(
            InventoryCheck.Problems(Inventory.Platform with { Applications = [.. Inventory.Platform.Applications, qa] })
        );
    }

    [Fact]
    public void Inventory_on_standard_without_data_stores_has_no_problems()
    {
        PlatformSpec platform = Inventory.Platform with
        {
            Tier = ClusterTier.Standard,
            KubernetesVersion = "1.34",
            HighAvailability = false,
            Applications = [.. Inventory.Platform.Applications.Select(environment => environment with { DataStore = null })],
        };

        Assert.Empty(InventoryCheck.Problems(platform));
    }

    [Theory]
    [MemberData(nameof(Cultures.Names), MemberType = typeof(Cultures))]
    public void Inventory_problems_are_the_same_in_every_culture(string culture)
    {
        var broken = BrokenInventories.All.Select(one => one.Break(Inventory.Platform)).ToList();

        Assert.Equal(
            broken.SelectMany(platform => Lines(InventoryCheck.Problems(platform))),
            Cultures.Under(culture, () => broken.SelectMany(platform => Lines(InventoryCheck.Problems(platform))).ToList())
        );
        Assert.Empty(Cultures.Under(culture, () => InventoryCheck.Problems(Inventory.Platform)));
    }

    private static IEnumerable<string> Lines(IEnumerable<Problem> problems) => problems.Select(problem => problem.ToString());

    private static void AssertComplete(Problem problem)
    {
        Assert.Matches(@"^INF-[0-9]{3}\z", problem.Code);
        Assert.All(
            [problem.Path, problem.Given, problem.Allowed, problem.Remedy],
            text => Assert.False(string.IsNullOrWhiteSpace(text))
        );
        Assert.EndsWith(".", problem.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.ToString());
        Assert.All(
            [problem.Code, problem.Path, problem.Given, problem.Allowed, problem.Remedy],
            part => Assert.Contains(part, problem.ToString(), StringComparison.Ordinal)
        );
    }
}
