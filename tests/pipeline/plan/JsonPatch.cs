using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Plan;

namespace InfraCdktf.Tests.Pipeline.Plan;

/// <summary>Applies differences, by their meaning alone: the opposite direction of the comparison.</summary>
internal static class JsonPatch
{
    /// <summary>The value before with the differences applied.</summary>
    public static JsonNode? Apply(JsonNode? before, IReadOnlyList<JsonDifference> differences) => Apply(before, differences, 0);

    private static JsonNode? Apply(JsonNode? value, IReadOnlyList<JsonDifference> differences, int depth)
    {
        if (differences is [{ Kind: DifferenceKind.Changed } whole] && whole.Steps.Count == depth)
            return whole.After?.DeepClone();
        return value switch
        {
            JsonObject fields => ApplyToFields(fields, differences, depth),
            JsonArray items => ApplyToItems(items, differences, depth),
            _ => value?.DeepClone(),
        };
    }

    private static JsonObject ApplyToFields(JsonObject fields, IReadOnlyList<JsonDifference> differences, int depth)
    {
        var result = fields.DeepClone().AsObject();
        foreach (var inside in differences.GroupBy(one => one.Steps[depth].Member!))
        {
            var all = inside.ToList();
            if (all is [{ Kind: DifferenceKind.Added } added] && added.Steps.Count == depth + 1)
                result[inside.Key] = added.After?.DeepClone();
            else if (all is [{ Kind: DifferenceKind.Removed } removed] && removed.Steps.Count == depth + 1)
                result.Remove(inside.Key);
            else
                result[inside.Key] = Apply(fields[inside.Key], all, depth + 1);
        }
        return result;
    }

    private static JsonArray ApplyToItems(JsonArray items, IReadOnlyList<JsonDifference> differences, int depth)
    {
        var order = differences.SingleOrDefault(one => one.Kind == DifferenceKind.Reordered && one.Steps.Count == depth);
        var inside = differences.Where(one => one.Steps.Count > depth).ToList();
        bool IsItem(JsonDifference one, DifferenceKind kind) => one.Kind == kind && one.Steps.Count == depth + 1;
        var removed = inside
            .Where(one => IsItem(one, DifferenceKind.Removed))
            .Select(one => one.Steps[depth].From!.Value)
            .ToHashSet();
        var added = inside
            .Where(one => IsItem(one, DifferenceKind.Added))
            .OrderBy(one => one.Steps[depth].To)
            .Select(one => (one.Steps[depth].To!.Value, one.After))
            .ToList();
        var kept = new List<(int From, JsonNode? Item)>();
        for (var from = 0; from < items.Count; from++)
        {
            if (removed.Contains(from))
                continue;
            var own = inside
                .Where(one =>
                    one.Steps[depth].From == from && !IsItem(one, DifferenceKind.Added) && !IsItem(one, DifferenceKind.Removed)
                )
                .ToList();
            kept.Add((from, own.Count == 0 ? items[from]?.DeepClone() : Apply(items[from], own, depth + 1)));
        }
        if (order is not null)
            kept = Reorder(kept, order);
        var list = kept.Select(one => one.Item).ToList();
        foreach (var (to, item) in added)
            list.Insert(to, item?.DeepClone());
        return new([.. list]);
    }

    private static List<(int From, JsonNode? Item)> Reorder(List<(int From, JsonNode? Item)> kept, JsonDifference order)
    {
        var before = order.Before!.AsArray().Select(name => name!.GetValue<string>()).ToList();
        var after = order.After!.AsArray().Select(name => name!.GetValue<string>());
        Assert.Equal(before.Count, kept.Count);
        Assert.Equal(before.Count, before.Distinct().Count());
        return [.. after.Select(name => kept[before.IndexOf(name)])];
    }
}
