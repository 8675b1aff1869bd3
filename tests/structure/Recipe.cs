using System.Text.RegularExpressions;
using InfraCdktf.Tests.Docs;

namespace InfraCdktf.Tests.Structure;

/// <summary>One recipe of CONTRIBUTING.md: the files that an addition touches, and what changes in each.</summary>
/// <param name="Kind">The kind of addition ("bucket").</param>
/// <param name="Steps">The rows of its table that have a code block, with the block.</param>
/// <param name="Generated">The files that a command or a rehearsal writes.</param>
internal sealed partial record Recipe(string Kind, IReadOnlyList<RecipeStep> Steps, IReadOnlyList<string> Generated)
{
    /// <summary>Reads all recipes of a page.</summary>
    public static IReadOnlyList<Recipe> Read(string text) =>
        [.. Heading().Split(text).Skip(1).Chunk(2).Select(parts => Parse(parts[0].Trim(), parts[1]))];

    /// <summary>Applies the steps to a copy of the repository.</summary>
    /// <param name="root">The root of the copy.</param>
    public void Apply(string root)
    {
        foreach (var step in Steps)
            step.Apply(Path.Combine(root, step.File), Kind);
    }

    private static Recipe Parse(string kind, string text)
    {
        var page = Page.Of(text);
        var rows = page.Table("file").Select(row => (File: row[0].Trim('`'), Change: row[1])).ToList();
        bool IsGenerated(string change) => change is "accepted" or "rehearsal";
        var manual = rows.Where(row => !IsGenerated(row.Change)).ToList();
        if (manual.Count == 0 || manual.Count != page.Blocks.Count)
            throw new FormatException($"Recipe {kind}: {manual.Count} rows to change, {page.Blocks.Count} code blocks.");
        return new(
            kind,
            [.. manual.Zip(page.Blocks, (row, block) => new RecipeStep(row.File, row.Change, block.Text + "\n"))],
            [.. rows.Where(row => IsGenerated(row.Change)).Select(row => row.File)]
        );
    }

    [GeneratedRegex("^### Recipe: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}

/// <summary>A change of one file.</summary>
/// <param name="File">The path, relative to the root.</param>
/// <param name="Change">"new file", or the place of the change in the words of the page.</param>
/// <param name="Text">The text.</param>
internal sealed partial record RecipeStep(string File, string Change, string Text)
{
    /// <summary>Whether the step creates a file.</summary>
    public bool IsNewFile => Change == "new file";

    /// <summary>Applies the change.</summary>
    /// <exception cref="FormatException">The page names a place that does not exist, or more than one.</exception>
    public void Apply(string path, string kind)
    {
        if (IsNewFile)
        {
            if (System.IO.File.Exists(path))
                throw new FormatException($"Recipe {kind}: {File} exists already.");
            System.IO.File.WriteAllText(path, Text);
            return;
        }
        var match = Place().Match(Change);
        if (!match.Success)
            throw new FormatException($"Recipe {kind}: \"{Change}\" is not a change that a test can apply.");
        var lines = System.IO.File.ReadAllLines(path).ToList();
        var start = match.Groups["start"].Value;
        var found = lines.Index().Where(line => line.Item.TrimStart().StartsWith(start, StringComparison.Ordinal)).ToList();
        if (found.Count != 1)
            throw new FormatException($"Recipe {kind}: {found.Count} lines of {File} begin with {start}; allowed: 1.");
        // The named line is the last of the lines before which the text goes.
        var above = match.Groups["ordinal"].Value switch
        {
            "second" => 1,
            "third" => 2,
            _ => 0,
        };
        var at = found[0].Index - above;
        switch (match.Groups["how"].Value)
        {
            case "replace":
                lines.RemoveAt(at);
                break;
            case "insert after":
                at++;
                break;
        }
        lines.InsertRange(at, Text.TrimEnd('\n').Split('\n'));
        System.IO.File.WriteAllLines(path, lines);
    }

    [GeneratedRegex(
        "^(?<how>replace|insert after|insert before) the line that begins with `(?<start>[^`]+)`$"
            + "|^(?<how>insert before) the (two lines of which the (?<ordinal>second)|three lines of which the (?<ordinal>third))"
            + " begins with `(?<start>[^`]+)`$"
    )]
    private static partial Regex Place();
}
