using InfraCdktf.Environments.Validation;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Validation;

/// <summary>The catalogue of problems, its page for readers, and the table of broken inventories hold the same codes.</summary>
[Trait("Level", "pure")]
public sealed class ProblemCatalogueTests
{
    [Fact]
    public void No_code_is_given_twice() => Assert.Equal(ProblemCatalog.All.Count, ProblemCatalog.All.DistinctBy(kind => kind.Code).Count());

    /// <summary>Those that a day makes of an inventory that was sound the day before (OverrideLifeTests).</summary>
    private static readonly ProblemKind[] s_ofADay = [ProblemCatalog.OverrideExpired, ProblemCatalog.OverrideNotOpen];

    [Fact]
    public void Every_code_has_a_broken_inventory() =>
        Assert.Equal(
            ProblemCatalog.All.Except(s_ofADay).Select(kind => kind.Code),
            BrokenInventories.All.Select(broken => broken.Kind.Code).Distinct().Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_page_has_a_row_for_every_code_in_the_catalogues_words()
    {
        var expected = ProblemCatalog.All.Select(Row).ToList();

        var rows = File.ReadAllLines(Repository.PathOf("docs", "errors.md"))
            .Where(line => line.StartsWith("| INF-", StringComparison.Ordinal))
            .ToList();

        Assert.True(expected.SequenceEqual(rows), $"Replace the rows of docs/errors.md by:\n{string.Join('\n', expected)}");
    }

    private static string Row(ProblemKind kind) => $"| {kind.Code} | {kind.Title} | {kind.Allowed} | {kind.Remedy} |";
}
