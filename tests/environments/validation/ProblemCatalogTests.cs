using InfraCdktf.Environments.Validation;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Validation;

/// <summary>The problem catalog, the page docs/errors.md and the broken inventories contain the same codes.</summary>
[Trait("Level", "pure")]
public sealed class ProblemCatalogTests
{
    [Fact]
    public void Problem_codes_are_unique() =>
        Assert.Equal(ProblemCatalog.All.Count, ProblemCatalog.All.DistinctBy(kind => kind.Code).Count());

    [Fact]
    public void Problem_codes_are_never_reused() =>
        Assert.Empty(ProblemCatalog.All.Select(kind => kind.Code).Intersect(ProblemCatalog.Retired));

    [Fact]
    public void Errors_page_lists_the_retired_codes() =>
        Assert.Contains(
            $"Retired codes: {string.Join(", ", ProblemCatalog.Retired)}.",
            File.ReadAllText(Repository.PathOf("docs", "errors.md")).ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );

    /// <summary>
    /// Problems that depend on the current day, so no inventory alone causes them. OverrideReviewTests covers them.
    /// </summary>
    private static readonly ProblemKind[] s_ofADay = [ProblemCatalog.OverrideExpired, ProblemCatalog.OverrideNotOpen];

    [Fact]
    public void Problem_codes_all_have_a_broken_inventory() =>
        Assert.Equal(
            ProblemCatalog.All.Except(s_ofADay).Select(kind => kind.Code),
            BrokenInventories.All.Select(broken => broken.Kind.Code).Distinct().Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Errors_page_has_a_row_for_every_problem_code()
    {
        var expected = ProblemCatalog.All.Select(Row).ToList();

        var rows = File.ReadAllLines(Repository.PathOf("docs", "errors.md"))
            .Where(line => line.StartsWith("| INF-", StringComparison.Ordinal))
            .ToList();

        Assert.True(
            expected.SequenceEqual(rows),
            $"docs/errors.md: rows differ from the problem catalog. Replace them with:\n{string.Join('\n', expected)}"
        );
    }

    private static string Row(ProblemKind kind) => $"| {kind.Code} | {kind.Title} | {kind.Allowed} | {kind.Remedy} |";
}
