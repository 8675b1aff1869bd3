using System.Text;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>Plans as Markdown, for a comment or a summary of a CI service. It says the same as the text.</summary>
public static class PlanMarkdown
{
    /// <summary>The Markdown of some plans.</summary>
    /// <param name="plans">The plans, in the order of their stacks.</param>
    public static string Of(IEnumerable<PlanSummary> plans)
    {
        var text = new StringBuilder();
        foreach (var plan in plans)
        {
            Line(text, 0, $"## {plan.Name}: {plan}");
            foreach (var group in plan.Changes.GroupBy(change => change.Group))
            {
                Line(text, 0, "");
                Line(text, 0, $"### {PlanWords.Heading(group.Key)}");
                Line(text, 0, "");
                foreach (var change in group)
                    Write(text, 0, change);
            }
            if (plan.OutputChanges.Count > 0)
            {
                Line(text, 0, "");
                Line(text, 0, "### Outputs");
                Line(text, 0, "");
                foreach (var output in plan.OutputChanges)
                foreach (var (path, words) in PlanWords.Lines(output))
                    Line(text, 0, $"- {Code(path)}: {Code(words)}");
            }
            Line(text, 0, "");
        }
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Write(StringBuilder text, int depth, PlannedChange change)
    {
        var note = change.Note is null ? "" : $" ({Code(change.Note)})";
        Line(text, depth, $"- {PlanWords.Of(change.Action)} {Code(change.Address)}{note}");
        foreach (var remark in change.Remarks)
            Line(text, depth + 1, $"- **{Escape(remark.Text)}**{(remark.Values is null ? "" : $" {Code(remark.Values)}")}");
        foreach (var (path, words) in PlanWords.Attributes(change))
            Line(text, depth + 1, path.Length == 0 ? $"- {words}" : $"- {Code(path)}: {Code(words)}");
        foreach (var inside in change.Objects)
            Write(text, depth + 1, inside);
    }

    private static void Line(StringBuilder text, int depth, string line) => text.Append(' ', depth * 2).Append(line).Append('\n');

    // A name is data: it must not become a link, a mention or HTML.
    private static string Escape(string text) =>
        string.Concat(
            text.Select(letter => "\\`*_{}[]<>#|@".Contains(letter, StringComparison.Ordinal) ? $"\\{letter}" : $"{letter}")
        );

    // A code span begins and ends with more backticks than its text has in a row.
    private static string Code(string text)
    {
        text = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        var (longest, run) = (0, 0);
        foreach (var letter in text)
        {
            run = letter == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        var fence = new string('`', longest + 1);
        var space = text.Length == 0 || text[0] == '`' || text[^1] == '`' ? " " : "";
        return $"{fence}{space}{text}{space}{fence}";
    }
}
