using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Validation;

/// <summary>The door of the inventory.</summary>
[Trait("Level", "pure")]
public sealed class InventoryCheckTests
{
    /// <summary>The names of all broken inventories.</summary>
    public static TheoryData<string> Broken => [.. BrokenInventories.All.Select(broken => broken.ToString())];

    [Fact]
    public void The_shipped_inventory_is_clean() => Assert.Empty(InventoryCheck.Problems(Inventory.Platform));

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_inventory_is_refused_with_code_and_place(string name)
    {
        var broken = BrokenInventories.All.Single(one => one.ToString() == name);

        var problems = InventoryCheck.Problems(broken.Break(Inventory.Platform));

        Assert.Contains(problems, problem => problem.Code == broken.Kind.Code && problem.Place == broken.Place);
        Assert.All(problems, AssertComplete);
    }

    [Fact]
    public void Several_problems_are_reported_together()
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
    public void All_ways_to_break_it_at_once_do_not_crash_it()
    {
        PlatformSpec platform = BrokenInventories.All.Aggregate(Inventory.Platform, (before, broken) => broken.Break(before));

        Assert.True(InventoryCheck.Problems(platform).Count >= 10);
    }

    [Fact]
    public void Require_returns_a_clean_inventory_and_throws_all_problems_of_a_broken_one()
    {
        Assert.Same(Inventory.Platform, InventoryCheck.Require(Inventory.Platform));

        var exception = Assert.Throws<InventoryException>(() =>
            InventoryCheck.Require(Inventory.Platform with { Region = "mars-1", HighAvailability = false })
        );

        Assert.Equal(InventoryCheckTests.Lines(exception.Problems), exception.Message.Split('\n')[1..]);
        Assert.Equal("The inventory has 2 problem(s):", exception.Message.Split('\n')[0]);
    }

    [Fact]
    public void An_inventory_of_two_environments_is_clean() =>
        Assert.Empty(InventoryCheck.Problems(Inventory.Platform with { Applications = [Production.Environment] }));

    [Fact]
    public void A_fifth_environment_is_one_value_and_one_entry()
    {
        EnvironmentSpec qa = Development.Environment with
        {
            Name = "qa",
            Purpose = "Testers' own.",
            DataStore = Development.Environment.DataStore! with { Subnet = "10.64.200.0/24" },
            Exposure = new("qa"),
        };

        Assert.Empty(
            InventoryCheck.Problems(Inventory.Platform with { Applications = [.. Inventory.Platform.Applications, qa] })
        );
    }

    [Fact]
    public void A_standard_cluster_without_data_stores_is_clean()
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
    public void No_culture_changes_a_word(string culture)
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
            [problem.Place, problem.Given, problem.Allowed, problem.Remedy],
            text => Assert.False(string.IsNullOrWhiteSpace(text))
        );
        Assert.EndsWith(".", problem.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.ToString());
        Assert.All(
            [problem.Code, problem.Place, problem.Given, problem.Allowed, problem.Remedy],
            part => Assert.Contains(part, problem.ToString(), StringComparison.Ordinal)
        );
    }
}
