using System.Text.Json.Nodes;

namespace InfraCdktf.Constructs.Network;

/// <summary>Chooses pods by their labels: every requirement must hold; without one it chooses all.</summary>
/// <param name="Requirements">What is asked of the labels.</param>
public sealed record LabelSelector(IReadOnlyList<LabelRequirement> Requirements)
{
    /// <summary>Everything.</summary>
    public static LabelSelector All { get; } = new([]);

    /// <summary>Those whose label has one of the values.</summary>
    public static LabelSelector With(string key, params IReadOnlyList<string> values) => All.And(key, values);

    /// <summary>Those that bear all the labels.</summary>
    public static LabelSelector With(IReadOnlyDictionary<string, string> labels) =>
        labels
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .Aggregate(All, (all, label) => all.And(label.Key, label.Value));

    /// <summary>Those whose label has none of the values; without values, those that do not bear it at all.</summary>
    public static LabelSelector Without(string key, params IReadOnlyList<string> values) => All.AndNot(key, values);

    /// <summary>Of these, those whose label has one of the values.</summary>
    public LabelSelector And(string key, params IReadOnlyList<string> values) => Add(key, "In", values);

    /// <summary>Of these, those whose label has none of the values; without values, those that do not bear it at all.</summary>
    public LabelSelector AndNot(string key, params IReadOnlyList<string> values) =>
        Add(key, values.Count > 0 ? "NotIn" : "DoesNotExist", values);

    /// <summary>The requirements that are one label with one value: <c>matchLabels</c>.</summary>
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

/// <summary>What is asked of one label, in the words of Kubernetes.</summary>
/// <param name="Key">The label.</param>
/// <param name="Operator">In, NotIn or DoesNotExist.</param>
/// <param name="Values">The values that it is about; none for DoesNotExist.</param>
public sealed record LabelRequirement(string Key, string Operator, IReadOnlyList<string> Values);
