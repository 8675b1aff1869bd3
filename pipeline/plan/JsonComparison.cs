using System.Globalization;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>
/// Compares two JSON values. Items of a list are the same item if a member that names things (<see cref="Names"/>) has the same
/// value, wherever they are in the list; items without such a member are the same if they are equal. So the sets of Terraform,
/// which JSON shows as lists, are compared as sets.
/// </summary>
public static class JsonComparison
{
    /// <summary>
    /// The members that name an item of a list, the first that fits: LKE pools and firewall rules have a label, most lists of
    /// Kubernetes a name, alert rules an alert, permissions of a key a bucket.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } =
    ["label", "name", "alert", "record", "bucket_name", "receiver", "container_port", "key", "type"];

    /// <summary>The differences, in the order of the value before; what is added to a list follows what it has.</summary>
    public static IReadOnlyList<JsonDifference> Between(JsonNode? before, JsonNode? after)
    {
        var differences = new List<JsonDifference>();
        Compare([], before, after, differences);
        return differences;
    }

    private static void Compare(
        IReadOnlyList<JsonStep> steps,
        JsonNode? before,
        JsonNode? after,
        List<JsonDifference> differences
    )
    {
        switch (before, after)
        {
            case (JsonObject one, JsonObject other) when !PlanValue.IsMark(one) && !PlanValue.IsMark(other):
                foreach (var name in one.Select(member => member.Key).Union(other.Select(member => member.Key)))
                {
                    var (has, had) = (
                        other.TryGetPropertyValue(name, out var wanted),
                        one.TryGetPropertyValue(name, out var was)
                    );
                    IReadOnlyList<JsonStep> inside = [.. steps, new(name)];
                    if (has && had)
                        Compare(inside, was, wanted, differences);
                    else
                        differences.Add(new(inside, has ? DifferenceKind.Added : DifferenceKind.Removed, was, wanted));
                }
                break;
            case (JsonArray one, JsonArray other):
                CompareItems(steps, one, other, differences);
                break;
            default:
                if (!JsonNode.DeepEquals(before, after))
                    differences.Add(new(steps, DifferenceKind.Changed, before, after));
                break;
        }
    }

    private static void CompareItems(
        IReadOnlyList<JsonStep> steps,
        JsonArray before,
        JsonArray after,
        List<JsonDifference> differences
    )
    {
        var named = Named(before, after);
        // A block that occurs once is a list with one item, also if its name changes.
        IReadOnlyList<(int? From, int? To)> pairs =
            before.Count == 1 && after.Count == 1 ? [(0, 0)] : Pairs(before, after, named);
        var isSingle = before.Count <= 1 && after.Count <= 1;
        var areTexts = before.Concat(after).All(item => item is not (JsonObject or JsonArray) || PlanValue.IsMark(item));
        foreach (var (from, to) in pairs)
        {
            var key =
                isSingle || areTexts ? null
                : named is null ? (from ?? to)!.Value.ToString(CultureInfo.InvariantCulture)
                : named(from is { } was ? before[was] : after[to!.Value]);
            IReadOnlyList<JsonStep> inside = [.. steps, new(null, from, to, key)];
            if (from is { } first && to is { } second)
                Compare(inside, before[first], after[second], differences);
            else if (from is { } removed)
                differences.Add(new(inside, DifferenceKind.Removed, before[removed], null));
            else
                differences.Add(new(inside, DifferenceKind.Added, null, after[to!.Value]));
        }
        var kept = pairs.Where(pair => pair is { From: not null, To: not null }).ToList();
        if (!kept.Select(pair => pair.To).SequenceEqual(kept.Select(pair => pair.To).Order()))
        {
            var texts = Texts(before, kept, named);
            differences.Add(
                new(
                    steps,
                    DifferenceKind.Reordered,
                    List(kept.Select(pair => texts[pair.From!.Value])),
                    List(kept.OrderBy(pair => pair.To).Select(pair => texts[pair.From!.Value]))
                )
            );
        }
    }

    /// <summary>The items of both lists: those of the list before in its order, then those of the list after only.</summary>
    private static IReadOnlyList<(int? From, int? To)> Pairs(JsonArray before, JsonArray after, Func<JsonNode?, string>? named)
    {
        var free = new Dictionary<string, Queue<int>>(StringComparer.Ordinal);
        string Identity(JsonNode? item) => named is null ? item?.ToJsonString() ?? "null" : named(item);
        for (var to = 0; to < after.Count; to++)
        {
            var identity = Identity(after[to]);
            if (!free.TryGetValue(identity, out var places))
                free[identity] = places = new();
            places.Enqueue(to);
        }
        var found = new int?[before.Count];
        for (var from = 0; from < before.Count; from++)
            found[from] = free.TryGetValue(Identity(before[from]), out var places) && places.TryDequeue(out var to) ? to : null;
        if (named is null)
        {
            // What is left has no name and no equal: an object at the first free place is the same object, changed.
            var places = new Queue<int>(free.Values.SelectMany(left => left).Where(to => IsOpen(after[to])).Order());
            for (var from = 0; from < before.Count; from++)
                if (found[from] is null && IsOpen(before[from]) && places.TryDequeue(out var to))
                    found[from] = to;
        }
        var taken = found.OfType<int>().ToHashSet();
        return
        [
            .. found.Select((to, from) => ((int?)from, to)),
            .. Enumerable.Range(0, after.Count).Where(to => !taken.Contains(to)).Select(to => ((int?)null, (int?)to)),
        ];
    }

    private static bool IsOpen(JsonNode? item) => item is JsonObject or JsonArray && !PlanValue.IsMark(item);

    /// <summary>How the items of both lists are named; null if they are not, or if a name occurs twice.</summary>
    private static Func<JsonNode?, string>? Named(JsonArray before, JsonArray after)
    {
        if (before.Count + after.Count == 0 || !before.Concat(after).All(IsOpen))
            return null;
        foreach (var name in Names)
        {
            string? Of(JsonNode? item) => item is JsonObject fields && fields[name] is JsonValue value ? value.ToString() : null;
            if (IsUnique(before, Of) && IsUnique(after, Of))
                return item => Of(item)!;
        }
        return null;

        static bool IsUnique(JsonArray items, Func<JsonNode?, string?> of)
        {
            var names = items.Select(of).ToList();
            return !names.Contains(null) && names.Distinct(StringComparer.Ordinal).Count() == names.Count;
        }
    }

    private static IReadOnlyDictionary<int, string> Texts(
        JsonArray before,
        IReadOnlyList<(int? From, int? To)> kept,
        Func<JsonNode?, string>? named
    )
    {
        var texts = kept.ToDictionary(
            pair => pair.From!.Value,
            pair => named is not null ? named(before[pair.From!.Value]) : PlanValue.Text(before[pair.From!.Value])
        );
        var areUnique = texts.Values.Distinct(StringComparer.Ordinal).Count() == texts.Count;
        return areUnique && kept.All(pair => named is not null || !IsOpen(before[pair.From!.Value]))
            ? texts
            : kept.ToDictionary(pair => pair.From!.Value, pair => pair.From!.Value.ToString(CultureInfo.InvariantCulture));
    }

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
