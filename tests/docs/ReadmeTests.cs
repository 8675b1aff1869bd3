using System.Text.RegularExpressions;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>The first page that anybody reads is true.</summary>
[Trait("Level", "pure")]
public sealed class ReadmeTests
{
    private static Page Readme { get; } = Page.Read("README.md");

    private static IReadOnlyList<string> Map { get; } = [.. Readme.Table("folder").Select(row => row[0].Trim('`').TrimEnd('/'))];

    [Fact]
    public void The_map_names_folders_that_exist() =>
        Assert.All(Map, folder => Assert.True(Directory.Exists(Repository.PathOf(folder)), $"{folder} does not exist"));

    [Fact]
    public void No_folder_is_missing_from_the_map() =>
        Assert.Empty(RepositoryFiles.TopFolders.Where(folder => !folder.StartsWith('.')).Except(Map));

    [Fact]
    public void The_rehearsal_it_shows_is_of_these_stacks_with_these_resources()
    {
        var shown = Assert.Single(Readme.Blocks, block => block.Text.Contains("All held.", StringComparison.Ordinal)).Text;
        var addresses = File.ReadLines(Repository.PathOf("tests", "snapshots", "addresses.txt"))
            .Select(line => line.Split(' ')[0])
            .ToList();
        foreach (var stack in addresses.CountBy(stack => stack))
            Assert.Matches($@"(?m)^\W*{Regex.Escape(stack.Key)}\W+{stack.Value}\W+yes\W+yes\W+\d+\W+yes\b", shown);
        Assert.Contains($"{addresses.Count} resources", shown, StringComparison.Ordinal);
    }
}
