using System.Text;
using System.Text.RegularExpressions;

namespace InfraCdktf.Tests.Docs;

/// <summary>A command of a page, and the output that the page shows.</summary>
/// <param name="Command">The command.</param>
/// <param name="Shown">The lines below it.</param>
internal sealed record TourStep(string Command, IReadOnlyList<string> Shown);

/// <summary>
/// The commands of a page's <c>console</c> blocks, as one script for bash, and the comparison with what they print. A line "…"
/// stands for any lines, "…" in a line for any text. Every command must end with exit code 0: a page shows another code with
/// <c>; echo "exit code $?"</c>.
/// </summary>
internal static class Tour
{
    private const string Prompt = "$ ";
    private const string Mark = "@@step ";
    private const string Anything = "…";

    /// <summary>The steps of a page.</summary>
    /// <exception cref="FormatException">A block begins with output.</exception>
    public static IReadOnlyList<TourStep> Read(Page page)
    {
        var steps = new List<(string Command, List<string> Shown)>();
        foreach (var block in page.Blocks.Where(block => block.Language == "console"))
        {
            if (!block.Text.StartsWith(Prompt, StringComparison.Ordinal))
                throw new FormatException($"{page.Path}: a console block does not begin with \"{Prompt}\": {block.Text}");
            foreach (var line in block.Text.Split('\n'))
            {
                if (line.StartsWith(Prompt, StringComparison.Ordinal))
                    steps.Add((line[Prompt.Length..], []));
                else
                    steps[^1].Shown.Add(line);
            }
        }
        return [.. steps.Select(step => new TourStep(step.Command, step.Shown))];
    }

    /// <summary>
    /// The script. It is for standard input: a command that opens a shell there gets the rest, until the command "exit".
    /// </summary>
    public static string Script(IReadOnlyList<TourStep> steps)
    {
        var script = new StringBuilder("exec 2>&1\n");
        foreach (var (number, step) in steps.Index())
            script.Append($"echo '{Mark}{number} begins'\n{step.Command}\necho \"{Mark}{number} ends $?\"\n");
        return script.ToString();
    }

    /// <summary>What differs from the page: one text for each step. Empty if nothing does.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<TourStep> steps, string output)
    {
        var differences = new List<string>();
        var printed = new Dictionary<int, List<string>>();
        List<string>? open = null;
        foreach (var line in output.TrimEnd('\n').Split('\n'))
        {
            if (Marked(line) is not var (number, code))
                open?.Add(line);
            else if (code is null)
                printed[number] = open = [];
            else
            {
                open = null;
                if (code != "0")
                    differences.Add($"$ {steps[number].Command}\nended with exit code {code}\n{Text(printed, number)}");
            }
        }
        foreach (var (number, step) in steps.Index())
        {
            if (!printed.TryGetValue(number, out var lines))
                differences.Add($"$ {step.Command}\nwas not run");
            else if (!Matches(step.Shown, lines))
                differences.Add($"$ {step.Command}\nshown:\n{string.Join('\n', step.Shown)}\nprinted:\n{Text(printed, number)}");
        }
        return differences;
    }

    /// <summary>True if the printed lines are those that the page shows.</summary>
    public static bool Matches(IReadOnlyList<string> shown, IReadOnlyList<string> printed)
    {
        var pattern = new StringBuilder(@"\A");
        foreach (var line in shown)
        {
            pattern.Append(
                line == Anything
                    ? @"(?:[^\n]*\n)*"
                    : $@"{string.Join(@"[^\n]*", line.Split(Anything).Select(Regex.Escape))}[ ]*\n"
            );
        }
        pattern.Append(@"\z");
        return Regex.IsMatch(
            string.Concat(printed.Select(line => $"{line}\n")),
            pattern.ToString(),
            RegexOptions.NonBacktracking
        );
    }

    private static (int Number, string? Code)? Marked(string line) =>
        line.StartsWith(Mark, StringComparison.Ordinal) && line[Mark.Length..].Split(' ') is [var number, .. var rest]
            ? (int.Parse(number), rest is ["ends", var code] ? code : null)
            : null;

    private static string Text(Dictionary<int, List<string>> printed, int number) =>
        string.Join('\n', printed.GetValueOrDefault(number, []));
}
