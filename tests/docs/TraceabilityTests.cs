using System.Text.RegularExpressions;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>Tests that every proof in docs/traceability.md is an existing test.</summary>
[Trait("Level", "pure")]
public sealed partial class TraceabilityTests
{
    private static Page Page { get; } = Page.Read("docs/traceability.md");

    private static IReadOnlyList<string[]> Rows { get; } = Page.Table("requirement");

    [Fact]
    public void Requirements_are_listed_once_and_have_a_proof()
    {
        Assert.NotEmpty(Rows);
        Assert.Distinct(Rows.Select(row => row[0]));
        Assert.All(
            Rows,
            row => Assert.True(row is [{ Length: > 0 }, { Length: > 0 }, _] && Proof().IsMatch(row[2]), $"{row[0]} has no proof")
        );
    }

    [Fact]
    public void Proofs_name_existing_tests()
    {
        var missing =
            from row in Rows
            from Match proof in Proof().Matches(row[2])
            let file = Repository.PathOf("docs", proof.Groups["file"].Value)
            where !File.Exists(file) || !Method(proof.Groups["test"].Value).IsMatch(File.ReadAllText(file))
            select $"{row[0]}: {proof.Groups["test"]} in {proof.Groups["file"]}";
        Assert.Empty(missing);
    }

    private static Regex Method(string name) => new($@"public (async )?(void|Task) {Regex.Escape(name)}\(");

    [GeneratedRegex(@"\[`(?<test>\w+)`\]\((?<file>\.\./tests/[\w/]+\.cs)\)")]
    private static partial Regex Proof();
}
