using System.Text.RegularExpressions;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>Tests that the decisions are numbered without gaps, complete, and listed.</summary>
[Trait("Level", "pure")]
public sealed partial class DecisionTests
{
    private const string Folder = "docs/adr";

    private static string[] Files =>
        [
            .. Directory
                .GetFiles(Repository.PathOf(Folder))
                .Select(file => Path.GetFileName(file))
                .Where(file => file != "README.md")
                .Order(StringComparer.Ordinal),
        ];

    public static TheoryData<string> Decisions => [.. Files];

    [Fact]
    public void Decisions_are_numbered_without_gaps() =>
        Assert.Equal(Enumerable.Range(1, Files.Length).Select(number => $"{number:0000}"), Files.Select(file => file[..4]));

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Decision_has_all_four_sections(string file)
    {
        Assert.Matches(Name(), file);
        var headings = Page.Read($"{Folder}/{file}").Headings.ToList();
        Assert.StartsWith($"{file[..4]}. ", headings[0], StringComparison.Ordinal);
        string[] needed = ["Context", "Decision", "Consequences", "Alternatives"];
        Assert.Equal(needed, headings.Skip(1).Where(needed.Contains));
    }

    [Fact]
    public void DecisionList_names_every_decision_by_its_title() =>
        Assert.Equal(
            Files.Select(file => $"[{file[..4]}]({file}) {Page.Read($"{Folder}/{file}").Headings.First()[6..]}"),
            Page.Read($"{Folder}/README.md").Table("no.").Select(row => $"{row[0]} {row[1]}")
        );

    [GeneratedRegex(@"^\d{4}(-[a-z0-9]+)+\.md$")]
    private static partial Regex Name();
}
