using System.Text.Json.Nodes;

namespace InfraCdktf.Constructs.Network;

/// <summary>Selects pods by their labels: all requirements must hold. Without a requirement it selects all pods.</summary>
/// <param name="Requirements">The requirements.</param>
public sealed record LabelSelector(IReadOnlyList<LabelRequirement> Requirements)
{
    /// <summary>All pods.</summary>
    public static LabelSelector All { get; } = new([]);

    /// <summary>Pods whose label has one of the values.</summary>
    public static LabelSelector With(string key, params IReadOnlyList<string> values) => All.And(key, values);

    /// <summary>Pods that have all the labels.</summary>
    public static LabelSelector With(IReadOnlyDictionary<string, string> labels) =>
        labels
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .Aggregate(All, (all, label) => all.And(label.Key, label.Value));

    /// <summary>Pods that have the label, whatever its value.</summary>
    public static LabelSelector WithKey(string key) => new([new(key, "Exists", [])]);

    /// <summary>Pods whose label has none of the values; without values, pods that do not have the label.</summary>
    public static LabelSelector Without(string key, params IReadOnlyList<string> values) => All.AndNot(key, values);

    /// <summary>The same, but only pods whose label has one of the values.</summary>
    public LabelSelector And(string key, params IReadOnlyList<string> values) => Add(key, "In", values);

    /// <summary>
    /// The same, but only pods whose label has none of the values; without values, pods that do not have the label.
    /// </summary>
    public LabelSelector AndNot(string key, params IReadOnlyList<string> values) =>
        Add(key, values.Count > 0 ? "NotIn" : "DoesNotExist", values);

    /// <summary>The requirements of one label with one value: <c>matchLabels</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels =>
        Requirements.Where(IsLabel).ToDictionary(requirement => requirement.Key, requirement => requirement.Values[0]);

    /// <summary>All other requirements: <c>matchExpressions</c>.</summary>
    public IReadOnlyList<LabelRequirement> Expressions => [.. Requirements.Where(requirement => !IsLabel(requirement))];

    /// <summary>As an object of the Kubernetes API.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Labels.Count > 0)
            json["matchLabels"] = new JsonObject(
                Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)JsonValue.Create(label.Value)))
            );
        if (Expressions.Count > 0)
            json["matchExpressions"] = new JsonArray([.. Expressions.Select(Expression)]);
        return json;
    }

    /// <summary>
    /// Pods that one of two selectors selects. Both must have one requirement, of the same label. The values are in descending
    /// order: this is the order of the first release, and another order would show as a change in every plan.
    /// </summary>
    public LabelSelector Or(LabelSelector other) =>
        (Requirements, other.Requirements) is ([{ Operator: "In" } one], [{ Operator: "In" } two]) && one.Key == two.Key
            ? All.And(one.Key, [.. one.Values.Union(two.Values).OrderDescending(StringComparer.Ordinal)])
            : throw new InvalidOperationException(
                $"Pod groups of one name: given {this} and {other}; allowed: one label each, with the same key."
            );

    /// <inheritdoc/>
    public override string ToString() => ToJson().ToJsonString();

    private LabelSelector Add(string key, string @operator, IReadOnlyList<string> values) =>
        new([.. Requirements, new(key, @operator, values)]);

    private static bool IsLabel(LabelRequirement requirement) => requirement is { Operator: "In", Values.Count: 1 };

    private static JsonNode Expression(LabelRequirement requirement)
    {
        var json = new JsonObject { ["key"] = requirement.Key, ["operator"] = requirement.Operator };
        if (requirement.Values.Count > 0)
            json["values"] = new JsonArray([.. requirement.Values.Select(value => JsonValue.Create(value))]);
        return json;
    }
}

/// <summary>A requirement of one label, in Kubernetes' terms.</summary>
/// <param name="Key">The label.</param>
/// <param name="Operator">In, NotIn, Exists or DoesNotExist.</param>
/// <param name="Values">The values; none for Exists and DoesNotExist.</param>
public sealed record LabelRequirement(string Key, string Operator, IReadOnlyList<string> Values);
