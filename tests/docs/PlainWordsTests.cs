using System.Text.RegularExpressions;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>
/// Checks that pages, comments and messages use plain words and short lines, so that an on-call engineer whose first language is
/// not English understands them.
/// </summary>
[Trait("Level", "pure")]
public sealed partial class PlainWordsTests
{
    private const int LongestLine = 130;

    // A whole word, and what to write instead.
    private static readonly (Regex Word, string Better)[] s_words =
    [
        (Old("at the doors?"), "before synthesis"),
        (Old("walls?"), "network policy, default deny"),
        (Old("doors?"), "allow rule, or: before synthesis"),
        (Old("(?<!code )fence[sd]?"), "boundary, namespace boundary"),
        (Old("houses?"), "repository, layout"),
        (Old("rooms?"), "space, capacity, headroom, scope"),
        (Old("roads?"), "path, way"),
        (Old("hurts?"), "fails, alert fires"),
        (Old("anew"), "again"),
        (Old("whoever"), "anyone who, a caller that"),
        (Old("who is told"), "who is alerted, who is notified"),
        (Old("told once"), "shown only at creation"),
        (Old("tid(y|ies|ied|ying)"), "remove, clean up"),
        (Old("hunt(s|ed|ing)?"), "search"),
        (Old("mend(s|ed|ing)?"), "repair"),
        (Old("by (itself|themselves)"), "automatically, expires"),
        (Old("rare hour"), "break-glass"),
        (Old("by halves"), "in two parts"),
        (Old("(?<!keep-)alive"), "is running"),
        (Old("(dies|died)"), "ends, has ended"),
        (Old("lies?"), "is, is stored"),
    ];

    // Texts that may contain such a word, each with its reason.
    private static readonly (string File, string Text, string Reason)[] s_allowed =
    [
        ("tests/docs/PlainWordsTests.cs", "", "This file lists the words."),
        (".github/scripts/synth-diff.mjs", "fence", "The variable of a Markdown code fence."),
    ];

    // Data of other programs, and generated files.
    private static readonly string[] s_data = ["/snapshots/", "/fixtures/", "/schemas/", "package-lock.json"];

    // Scripts, workflows and project files: every line is read, because most of their text is comments and messages.
    private static readonly string[] s_readWhole = [".md", ".sh", ".yaml", ".yml", ".mjs", ".csproj", ".props", ".targets"];

    // Scripts whose names have no extension.
    private static readonly string[] s_scripts = [".ci/run", "infra"];

    private static IEnumerable<string> Files =>
        RepositoryFiles
            .All.Select(RepositoryFiles.Relative)
            .Where(file => !s_data.Any(part => $"/{file}".Contains(part, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    [Fact]
    public void Texts_use_plain_words() =>
        RequireNone(
            from file in Files
            from piece in Read(file)
            from found in Found(piece.Text)
            where !IsAllowed(file, piece.Text)
            select $"{file}:{piece.Line}: \"{found.Word}\"; better: {found.Better}"
        );

    /// <summary>A user does not have the specification: its ids are in docs/traceability.md and in tests only.</summary>
    [Fact]
    public void Texts_contain_no_requirement_id() =>
        RequireNone(
            from file in Files
            where !file.StartsWith("tests/", StringComparison.Ordinal) && file != "docs/traceability.md"
            from piece in Read(file)
            from Match found in RequirementId().Matches(piece.Text)
            select $"{file}:{piece.Line}: {found.Value}"
        );

    [Theory]
    [InlineData("// NFR-003 demands it.", "NFR-003")]
    [InlineData("var a = \"US-001.4: no quota\";", "US-001.4")]
    [InlineData("/// <summary>At least two (SC-005).</summary>", "SC-005")]
    [InlineData("var a = \"INF-412: a code of ours\"; // ISO-8601", null)]
    public void Requirement_ids_are_found_in_texts(string code, string? id) =>
        Assert.Equal(
            id is null ? [] : [id],
            CSharpText.PiecesOf(code).SelectMany(piece => RequirementId().Matches(piece.Text)).Select(match => match.Value)
        );

    [Fact]
    public void Lines_have_at_most_130_columns() =>
        RequireNone(
            from file in Files
            where file.EndsWith(".cs", StringComparison.Ordinal) || IsReadWhole(file)
            from line in File.ReadLines(Repository.PathOf(file)).Index()
            let columns = line.Item.EnumerateRunes().Count()
            where columns > LongestLine && !CannotBeSplit(file, line.Item)
            select $"{file}:{line.Index + 1}: {columns} columns; allowed: {LongestLine}. Split the line."
        );

    [Theory]
    [InlineData("// It waits for the wall.", "wall")]
    [InlineData("/* one\n   two rooms */", "rooms")]
    [InlineData("var a = \"By itself\";", "By itself")]
    [InlineData("// They end by themselves.", "by themselves")]
    [InlineData("var a = @\"c:\\\" + \"alive\";", "alive")]
    [InlineData("var a = $\"{(b ? \"\" : $\", it dies {c}\")}.\";", "dies")]
    [InlineData("var a = $$\"\"\"\n  {{alive}} {lies}\n  \"\"\";", "lies")]
    [InlineData("var a = $\"{{anew}} {alive}\";", "anew")]
    [InlineData("var wall = Room(alive); // firewall, relies, keep-alive, code fence", null)]
    [InlineData("var a = '\"'; var wall = 'x'; var b = \"\"; Room();", null)]
    public void WordCheck_reads_comments_and_literals_only(string code, string? word) =>
        Assert.Equal(
            word is null ? [] : [word],
            CSharpText.PiecesOf(code).SelectMany(piece => Found(piece.Text)).Select(found => found.Word)
        );

    private static IEnumerable<(int Line, string Text)> Read(string file)
    {
        if (IsReadWhole(file))
            return File.ReadLines(Repository.PathOf(file)).Index().Select(line => (line.Index + 1, line.Item));
        if (!file.EndsWith(".cs", StringComparison.Ordinal))
            return [];
        var isTest = file.StartsWith("tests/", StringComparison.Ordinal);
        return CSharpText
            .PiecesOf(File.ReadAllText(Repository.PathOf(file)))
            .Where(piece => piece.IsComment || !isTest)
            .Select(piece => (piece.Line, piece.IsComment ? Identifier().Replace(piece.Text, "") : piece.Text));
    }

    // Unlike Assert.Empty this shows every finding in full.
    private static void RequireNone(IEnumerable<string> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, $"{all.Count} finding(s):\n{string.Join('\n', all)}");
    }

    private static bool IsReadWhole(string file) => s_readWhole.Contains(Path.GetExtension(file)) || s_scripts.Contains(file);

    private static IEnumerable<(string Word, string Better)> Found(string text)
    {
        foreach (var (word, better) in s_words)
        {
            foreach (Match match in word.Matches(text))
                yield return (match.Value, better);
            // A longer phrase that was found is not found again as a part of it.
            text = word.Replace(text, "");
        }
    }

    private static bool IsAllowed(string file, string text) =>
        s_allowed.Any(one => one.File == file && text.Contains(one.Text, StringComparison.Ordinal));

    // A row of a Markdown table, a line that is one address, an image with a digest, or the command of an admission case, which
    // people copy whole.
    private static bool CannotBeSplit(string file, string line) =>
        (file.EndsWith(".md", StringComparison.Ordinal) && line.StartsWith('|'))
        || OneAddress().IsMatch(line)
        || line.Contains("@sha256:", StringComparison.Ordinal)
        || (
            file.StartsWith("tests/constructs/admission/cases/", StringComparison.Ordinal)
            && line.StartsWith("# kubectl ", StringComparison.Ordinal)
        );

    private static Regex Old(string words) => new($@"\b{words}\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"\b(?:US-\d{3}(?:\.\d)?|N?FR-\d{3}|SC-\d{3})\b")]
    private static partial Regex RequirementId();

    // A name of the code in a documentation comment.
    [GeneratedRegex("\\b(?:cref|name)=\"[^\"]*\"")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^\W*https?://\S+$")]
    private static partial Regex OneAddress();
}
