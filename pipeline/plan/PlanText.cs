using System.Text;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>How a line of a plan stands out.</summary>
internal enum PlanTone
{
    /// <summary>Not at all.</summary>
    Plain,

    /// <summary>A heading.</summary>
    Heading,

    /// <summary>Something is created.</summary>
    Adds,

    /// <summary>Something is changed.</summary>
    Changes,

    /// <summary>Something is destroyed, or must not be missed.</summary>
    Warns,
}

/// <summary>One line of a plan.</summary>
/// <param name="Text">The text; it has no line break.</param>
/// <param name="Tone">How it stands out.</param>
internal sealed record PlanLine(string Text, PlanTone Tone);

/// <summary>
/// A plan as lines of text. A line that is wider than the terminal continues, indented, on the next one. It is broken at spaces
/// only: an address, an id or a path is never cut.
/// </summary>
internal static class PlanText
{
    private const string Indent = "  ";

    /// <summary>The lines of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="width">The columns of the terminal.</param>
    public static IReadOnlyList<PlanLine> Lines(PlanSummary plan, int width)
    {
        var lines = new List<PlanLine>();
        void Add(int depth, string text, PlanTone tone) =>
            lines.AddRange(Wrap(depth, text, width).Select(line => new PlanLine(line, tone)));

        Add(0, $"{plan.Name}: {plan}", PlanTone.Heading);
        foreach (var group in plan.Changes.GroupBy(change => change.Group))
        {
            Add(1, PlanWords.Heading(group.Key), PlanTone.Heading);
            foreach (var change in group)
                Write(2, change, Add);
        }
        if (plan.OutputChanges.Count > 0)
        {
            Add(1, "Outputs", PlanTone.Heading);
            foreach (var output in plan.OutputChanges)
            foreach (var (path, text) in PlanWords.Lines(output))
                Add(2, $"{path}: {text}", PlanTone.Plain);
        }
        return lines;
    }

    private static void Write(int depth, PlannedChange change, Action<int, string, PlanTone> add)
    {
        var note = change.Note is null ? "" : $" ({change.Note})";
        add(depth, $"{PlanWords.Of(change.Action), -7} {change.Address}{note}", Tone(change));
        foreach (var remark in change.Remarks)
            add(depth + 2, $"! {remark}", PlanTone.Warns);
        foreach (var (path, text) in PlanWords.Attributes(change))
            add(depth + 2, path.Length == 0 ? text : $"{path}: {text}", PlanTone.Plain);
        foreach (var inside in change.Objects)
            Write(depth + 2, inside, add);
    }

    private static PlanTone Tone(PlannedChange change) =>
        change.DestroysSomething ? PlanTone.Warns
        : change.Action is PlannedAction.Add or PlannedAction.Import ? PlanTone.Adds
        : PlanTone.Changes;

    private static IEnumerable<string> Wrap(int depth, string text, int width)
    {
        var indent = string.Concat(Enumerable.Repeat(Indent, depth));
        var line = new StringBuilder(indent);
        var isEmpty = true;
        foreach (var word in text.Split(' '))
        {
            if (!isEmpty && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString().TrimEnd();
                line.Clear().Append(indent).Append(Indent).Append(Indent);
                isEmpty = true;
            }
            line.Append(isEmpty ? "" : " ").Append(word);
            isEmpty = false;
        }
        yield return line.ToString().TrimEnd();
    }
}
