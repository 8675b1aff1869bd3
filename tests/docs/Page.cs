using System.Text.RegularExpressions;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>A Markdown page. It is parsed only as far as the tests need.</summary>
internal sealed partial class Page
{
    private readonly List<string> _prose = [];
    private readonly List<CodeBlock> _blocks = [];

    private Page(string path, string text)
    {
        Path = path;
        // A code fence of at least the same length closes a block. An indented code fence belongs to a list.
        (string Mark, string Language, List<string> Lines)? open = null;
        foreach (var line in text.Split('\n'))
        {
            var fence = Fence().Match(line);
            if (open is { } block)
            {
                if (
                    fence.Success
                    && fence.Groups["mark"].Value.StartsWith(block.Mark, StringComparison.Ordinal)
                    && fence.Groups["language"].Length == 0
                )
                {
                    _blocks.Add(new(block.Language, string.Join('\n', block.Lines)));
                    open = null;
                }
                else
                    block.Lines.Add(line);
            }
            else if (fence.Success)
                open = (fence.Groups["mark"].Value, fence.Groups["language"].Value, []);
            else
                _prose.Add(line);
        }
        if (open is not null)
            throw new FormatException($"{path}: a code block is never closed.");
    }

    /// <summary>The path relative to the root.</summary>
    public string Path { get; }

    /// <summary>The lines outside code blocks.</summary>
    public IReadOnlyList<string> Prose => _prose;

    /// <summary>The code blocks.</summary>
    public IReadOnlyList<CodeBlock> Blocks => _blocks;

    /// <summary>All code: the blocks, and the text between backticks.</summary>
    public IEnumerable<string> Code =>
        _blocks
            .Select(block => block.Text)
            .Concat(_prose.SelectMany(line => Inline().Matches(line).Select(code => code.Groups["code"].Value)));

    /// <summary>The targets of the links, unchanged.</summary>
    public IEnumerable<string> Links =>
        _prose.SelectMany(line => Link().Matches(Inline().Replace(line, "")).Select(link => link.Groups["target"].Value));

    /// <summary>The headings.</summary>
    public IEnumerable<string> Headings =>
        _prose.Select(line => Heading().Match(line)).Where(match => match.Success).Select(match => match.Groups["text"].Value);

    /// <summary>The anchors of the headings, as GitHub makes them: a repeated anchor gets a number.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            var anchors = new HashSet<string>(StringComparer.Ordinal);
            foreach (var heading in Headings)
            {
                var anchor = Slug(heading);
                for (var number = 1; !anchors.Add(anchor); number++)
                    anchor = $"{Slug(heading)}-{number}";
            }
            return anchors;
        }
    }

    /// <summary>Reads a page of the repository.</summary>
    public static Page Read(string path) => new(path, File.ReadAllText(Repository.PathOf(path)));

    /// <summary>Reads a page from text.</summary>
    public static Page Of(string text) => new("page.md", text);

    /// <summary>The rows of the first table with this first heading. Cells are trimmed.</summary>
    public IReadOnlyList<string[]> Table(string firstHeading)
    {
        var lines = _prose.SkipWhile(line => Cells(line) is not [var first, ..] || first != firstHeading).ToList();
        return [.. lines.Skip(2).TakeWhile(line => line.StartsWith('|')).Select(Cells)];
    }

    private static string[] Cells(string line) =>
        line.StartsWith('|') ? [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())] : [];

    private static string Slug(string heading) => NotInAnchors().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^\s*(?<mark>```+)(?<language>\w*)\s*$")]
    private static partial Regex Fence();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Inline();

    // Code in the text of a link has been removed before.
    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6}\s+(?<text>.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}\-_ ]")]
    private static partial Regex NotInAnchors();
}

/// <summary>A code block.</summary>
/// <param name="Language">The word after the opening code fence; empty if there is none.</param>
/// <param name="Text">The lines.</param>
internal sealed record CodeBlock(string Language, string Text);
