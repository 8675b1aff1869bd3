using System.Text.RegularExpressions;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>Tests that README.md shows the current folders, stacks and resource counts.</summary>
[Trait("Level", "pure")]
public sealed class ReadmeTests
{
    private static Page Readme { get; } = Page.Read("README.md");

    private static IReadOnlyList<string> Folders { get; } =
    [.. Readme.Table("folder").Select(row => row[0].Trim('`').TrimEnd('/'))];

    [Fact]
    public void Readme_folder_table_names_only_existing_folders() =>
        Assert.All(Folders, folder => Assert.True(Directory.Exists(Repository.PathOf(folder)), $"{folder} does not exist"));

    [Fact]
    public void Readme_folder_table_names_every_top_folder() =>
        Assert.Empty(RepositoryFiles.TopFolders.Where(folder => !folder.StartsWith('.')).Except(Folders));

    [Fact]
    public void Readme_rehearsal_shows_the_current_stacks_and_counts()
    {
        var shown = Assert
            .Single(Readme.Blocks, block => block.Text.Contains("All checks passed.", StringComparison.Ordinal))
            .Text;
        var addresses = File.ReadLines(Repository.PathOf("tests", "snapshots", "addresses.txt"))
            .Select(line => line.Split(' ')[0])
            .ToList();
        foreach (var stack in addresses.CountBy(stack => stack))
            Assert.Matches($@"(?m)^\W*{Regex.Escape(stack.Key)}\W+{stack.Value}\W+yes\W+yes\W+\d+\W+yes\b", shown);
        Assert.Contains($"{addresses.Count} resources", shown, StringComparison.Ordinal);
    }
}
