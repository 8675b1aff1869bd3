using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>What a difference between two JSON values is.</summary>
public enum DifferenceKind
{
    /// <summary>A member or an item that is only in the value after.</summary>
    Added,

    /// <summary>A member or an item that is only in the value before.</summary>
    Removed,

    /// <summary>A value that is another one after.</summary>
    Changed,

    /// <summary>Items of a list that are in both values, in another order.</summary>
    Reordered,
}

/// <summary>One step of a path into a JSON value: into a member of an object, or into an item of a list.</summary>
/// <param name="Member">The member's name; null for an item.</param>
/// <param name="From">The item's position before, from 0; null if there is none.</param>
/// <param name="To">The item's position after, from 0; null if there is none.</param>
/// <param name="Key">How the item is named; null if it needs no name, because the list has one item or texts only.</param>
public sealed record JsonStep(string? Member, int? From = null, int? To = null, string? Key = null);

/// <summary>One difference between two JSON values.</summary>
/// <param name="Steps">Where it is.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Before">The value before; of <see cref="DifferenceKind.Reordered"/> the names of the items in both lists, in
/// their order before.</param>
/// <param name="After">The value after; of <see cref="DifferenceKind.Reordered"/> the same names in their order after.</param>
public sealed partial record JsonDifference(IReadOnlyList<JsonStep> Steps, DifferenceKind Kind, JsonNode? Before, JsonNode? After)
{
    /// <summary>For people: <c>pool[build].taint</c>, <c>metadata.labels["app.kubernetes.io/name"]</c>.</summary>
    public string Path => Text(Steps);

    /// <summary>The text of a path.</summary>
    public static string Text(IEnumerable<JsonStep> steps)
    {
        var text = new StringBuilder();
        foreach (var step in steps)
        {
            if (step.Member is null)
                text.Append(step.Key is null ? "" : $"[{step.Key}]");
            else if (Plain().IsMatch(step.Member))
                text.Append(text.Length > 0 ? "." : "").Append(step.Member);
            else
                text.Append($"[\"{step.Member}\"]");
        }
        return text.ToString();
    }

    [GeneratedRegex(@"^[A-Za-z_][\w-]*$")]
    private static partial Regex Plain();
}
