using System.Globalization;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>The words of a plan for people, the same in text and in Markdown.</summary>
internal static class PlanWords
{
    /// <summary>Attributes of one new object that are shown; the JSON has all.</summary>
    public const int MostOfNew = 12;

    // A longer value is shortened.
    private const int Longest = 100;

    // What is shown around the difference of two long texts.
    private const int Around = 24;

    /// <summary>The heading of a part of a plan.</summary>
    public static string Heading(ChangeGroup group) =>
        group switch
        {
            ChangeGroup.Destroys => "Destroyed or replaced",
            ChangeGroup.Security => "Security: who may do what, and which connections are allowed",
            _ => "Other changes",
        };

    /// <summary>The word for an action.</summary>
    public static string Of(PlannedAction action) => action.ToString().ToLowerInvariant();

    /// <summary>The attributes of a change, one line each; those that are known only after the apply share one.</summary>
    public static IEnumerable<(string Path, string Text)> Attributes(PlannedChange change)
    {
        var isNew = change.Action == PlannedAction.Add;
        var known = change
            .Attributes.Where(one => one.Action != AttributeAction.KnownAfterApply)
            .OrderBy(one => isNew ? Rank(one.Path) : 0)
            .ToList();
        var lines = known.SelectMany(one => Lines(one, isNew || change.Action == PlannedAction.Destroy)).Distinct().ToList();
        foreach (var line in isNew ? lines.Take(MostOfNew) : lines)
            yield return line;
        if (isNew && lines.Count > MostOfNew)
            yield return ("", $"and {lines.Count - MostOfNew} more attributes, which --json shows");
        var unknown = change
            .Attributes.Where(one => one.Action == AttributeAction.KnownAfterApply)
            .Select(one => one.Path)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (unknown.Count > 0 && !isNew)
            yield return (string.Join(", ", unknown), PlanValue.Unknown);
    }

    // Of a new Kubernetes object first what it is, then what it does, then its labels.
    private static int Rank(string path) =>
        path is "metadata.name" or "metadata.namespace" ? 0
        : path.StartsWith("metadata.", StringComparison.Ordinal) ? 2
        : 1;

    /// <summary>The line of one attribute: its path, and what happens to it.</summary>
    public static IEnumerable<(string Path, string Text)> Lines(AttributeChange one, bool isWhole = false)
    {
        if (!one.HasValues || one.Action == AttributeAction.KnownAfterApply)
        {
            yield return (
                one.Path,
                one.Action switch
                {
                    AttributeAction.Reordered => "in another order",
                    AttributeAction.KnownAfterApply => PlanValue.Unknown,
                    _ when isWhole => "set",
                    var action => action.ToString().ToLowerInvariant(),
                }
            );
            yield break;
        }
        switch (one.Action)
        {
            case AttributeAction.Reordered when ArePositions(one.Before):
                yield return (one.Path, "in another order");
                break;
            case AttributeAction.Reordered:
                yield return (one.Path, $"in another order: {Names(one.Before)} → {Names(one.After)}");
                break;
            case AttributeAction.Added when isWhole:
                yield return (one.Path, Short(PlanValue.Text(one.After)));
                break;
            case AttributeAction.Removed when isWhole:
                yield return (one.Path, Short(PlanValue.Text(one.Before)));
                break;
            case AttributeAction.Added when IsOpen(one.After):
                yield return (one.Path, "added");
                foreach (var leaf in AttributeChanges.Leaves(one.After))
                foreach (var (path, text) in Lines(leaf, isWhole: true))
                    yield return (AttributeChanges.Join(one.Path, path), text);
                break;
            case AttributeAction.Added:
                yield return (one.Path, $"added {Short(PlanValue.Text(one.After))}");
                break;
            case AttributeAction.Removed when IsOpen(one.Before):
                yield return (one.Path, "removed");
                break;
            case AttributeAction.Removed:
                yield return (one.Path, $"removed {Short(PlanValue.Text(one.Before))}");
                break;
            default:
                if (PlanValue.Text(one.Before) == PlanValue.Sensitive && PlanValue.Text(one.After) == PlanValue.Sensitive)
                    yield return (one.Path, $"{PlanValue.Sensitive} changes");
                else
                    yield return (one.Path, Changed(PlanValue.Text(one.Before), PlanValue.Text(one.After)));
                break;
        }
    }

    private static bool IsOpen(JsonNode? value) =>
        value is JsonObject || (value is JsonArray list && list.Any(item => item is JsonObject or JsonArray));

    private static string Changed(string before, string after)
    {
        if (before.Length <= Longest && after.Length <= Longest)
            return $"{before} → {after}";
        var start = Common(before, after, (text, index) => text[index]);
        var end = Math.Min(
            Common(before, after, (text, index) => text[^(index + 1)]),
            Math.Min(before.Length, after.Length) - start
        );
        return $"{Part(before, start, end)} → {Part(after, start, end)} "
            + $"(shortened: {Number(before)} → {Number(after)} characters)";
    }

    private static string Part(string text, int start, int end)
    {
        var first = Math.Max(0, start - Around);
        var last = Math.Min(text.Length, text.Length - end + Around);
        var part = text[first..last];
        if (part.Length > 2 * Longest)
            part = $"{part[..Longest]}…{part[^Longest..]}";
        return $"{(first > 0 ? "…" : "")}{part}{(last < text.Length ? "…" : "")}";
    }

    private static int Common(string one, string other, Func<string, int, char> at)
    {
        var length = 0;
        while (length < one.Length && length < other.Length && at(one, length) == at(other, length))
            length++;
        return length;
    }

    private static string Short(string text) =>
        text.Length <= Longest ? text : $"{text[..(Longest - Around)]}… (shortened: {Number(text)} characters)";

    private static string Number(string text) => text.Length.ToString("N0", CultureInfo.InvariantCulture);

    private static bool ArePositions(JsonNode? names) =>
        (names as JsonArray ?? []).All(name => PlanValue.Text(name).All(char.IsAsciiDigit));

    private static string Names(JsonNode? names) => string.Join(", ", (names as JsonArray ?? []).Select(PlanValue.Text));
}
