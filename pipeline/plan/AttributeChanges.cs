using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>The attributes of a planned change, from its values before and after.</summary>
internal static class AttributeChanges
{
    // Linode sets them, and a plan copies them from the pool that was at the same position.
    private static readonly string[] s_ofPools = ["id", "nodes", "count", "k8s_version"];

    /// <summary>The attributes that change; of a new object those that are set.</summary>
    public static IReadOnlyList<AttributeChange> Of(ResourceChange change)
    {
        if (change.Action == PlannedAction.Add)
            return Leaves(change.After);
        var (before, after) = (WithoutComputed(change.Type, change.Before), WithoutComputed(change.Type, change.After));
        return
        [
            .. JsonComparison
                .Between(before, after)
                .Where(one => !(PlanValue.IsUnset(one.Before) && PlanValue.IsUnset(one.After)))
                .GroupBy(one => one.Path, StringComparer.Ordinal)
                .SelectMany(Of)
                .OrderBy(one => one.Action == AttributeAction.KnownAfterApply),
        ];
    }

    /// <summary>What is set in a value, each with its path.</summary>
    public static IReadOnlyList<AttributeChange> Leaves(JsonNode? value)
    {
        var leaves = new List<AttributeChange>();
        Collect("", value, leaves);
        return [.. leaves.OrderBy(one => one.Action == AttributeAction.KnownAfterApply)];
    }

    private static void Collect(string path, JsonNode? value, List<AttributeChange> leaves)
    {
        switch (value)
        {
            case var _ when PlanValue.IsUnset(value):
                return;
            case var _ when PlanValue.IsUnknown(value):
                leaves.Add(new(path, AttributeAction.KnownAfterApply, null, null));
                return;
            case JsonObject fields when !PlanValue.IsMark(fields):
                Inside(path, new JsonObject(), fields, leaves);
                return;
            case JsonArray items when items.Any(item => item is JsonObject or JsonArray && !PlanValue.IsMark(item)):
                Inside(path, new JsonArray(), items, leaves);
                return;
            default:
                leaves.Add(new(path, AttributeAction.Added, null, PlanValue.Shown(value)));
                return;
        }
    }

    private static void Inside(string path, JsonNode nothing, JsonNode value, List<AttributeChange> leaves)
    {
        foreach (var one in JsonComparison.Between(nothing, value))
            Collect(Join(path, one.Path), one.After, leaves);
    }

    /// <summary>A path, and a path inside it.</summary>
    public static string Join(string path, string inside) =>
        path.Length == 0 || inside.Length == 0 || inside[0] == '[' ? path + inside : $"{path}.{inside}";

    private static IEnumerable<AttributeChange> Of(IGrouping<string, JsonDifference> same)
    {
        var all = same.ToList();
        // One text of a list for another one: a changed value.
        if (all is [{ Kind: DifferenceKind.Removed } removed, { Kind: DifferenceKind.Added } added] && IsOfTexts(removed))
            return [new(same.Key, AttributeAction.Changed, PlanValue.Shown(removed.Before), PlanValue.Shown(added.After))];
        return all.Select(one =>
            PlanValue.IsUnknown(one.After)
                ? new(same.Key, AttributeAction.KnownAfterApply, null, null)
                : new AttributeChange(same.Key, ActionOf(one), PlanValue.Shown(one.Before), PlanValue.Shown(one.After))
        );
    }

    private static bool IsOfTexts(JsonDifference one) => one.Steps is [.., { Member: null, Key: null }];

    private static AttributeAction ActionOf(JsonDifference one) =>
        one.Kind switch
        {
            DifferenceKind.Reordered => AttributeAction.Reordered,
            DifferenceKind.Added => AttributeAction.Added,
            DifferenceKind.Removed => AttributeAction.Removed,
            _ when PlanValue.IsUnset(one.Before) => AttributeAction.Added,
            _ when PlanValue.IsUnset(one.After) => AttributeAction.Removed,
            _ => AttributeAction.Changed,
        };

    private static JsonObject? WithoutComputed(string type, JsonObject? value)
    {
        if (type != "linode_lke_cluster" || value?["pool"] is not JsonArray)
            return value;
        var plain = value.DeepClone().AsObject();
        foreach (var pool in ResourceChange.Objects(plain["pool"]))
        foreach (var name in s_ofPools.Where(name => name != "count" || !PlanValue.IsUnset(pool["autoscaler"])))
            pool.Remove(name);
        return plain;
    }
}
