using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Values;

/// <summary>Converts values to and from JSON, for the account's journal, state upgrades and defaults.</summary>
internal static class JsonValues
{
    /// <summary>
    /// Reads JSON by a type. Entries that are not in the type are dropped. Entries that are missing in the JSON are null.
    /// </summary>
    /// <exception cref="FormatException">The JSON does not have that type.</exception>
    public static Value? FromJson(JsonNode? json, TerraformType type)
    {
        if (json is null)
            return null;
        switch (type)
        {
            case PrimitiveType { Name: "dynamic" }:
                var inner = TerraformType.Parse(json["type"]);
                return new TypedValue(inner, FromJson(json["value"], inner));
            case PrimitiveType primitive when json is JsonValue scalar:
                return Scalar(scalar, primitive);
            case CollectionType { Kind: "map" } map when json is JsonObject entries:
                return new MapValue(entries.ToDictionary(e => e.Key, e => FromJson(e.Value, map.Element)));
            case CollectionType { Kind: not "map" } list when json is JsonArray items:
                return new ListValue([.. items.Select(i => FromJson(i, list.Element))]);
            case TupleType tuple when json is JsonArray items && items.Count == tuple.Items.Count:
                return new ListValue([.. items.Select((item, at) => FromJson(item, tuple.Items[at]))]);
            case ObjectType @object when json is JsonObject fields:
                return new MapValue(@object.Attributes.ToDictionary(a => a.Key, a => FromJson(fields[a.Key], a.Value)));
            default:
                throw new FormatException($"{json.ToJsonString()} does not have the type {type.ToJson().ToJsonString()}.");
        }
    }

    /// <summary>Writes a value. An unknown value has no JSON form and becomes null.</summary>
    public static JsonNode? ToJson(Value? value) =>
        value switch
        {
            null or UnknownValue => null,
            TextValue text => JsonValue.Create(text.Text),
            BoolValue truth => JsonValue.Create(truth.Truth),
            NumberValue number => JsonNode.Parse(number.Literal),
            ListValue list => new JsonArray([.. list.Items.Select(ToJson)]),
            MapValue map => new JsonObject(
                map.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key, ToJson(f.Value)))
            ),
            TypedValue typed => new JsonObject { ["type"] = typed.Type.ToJson(), ["value"] = ToJson(typed.Content) },
            _ => throw new FormatException($"No JSON for {value.GetType().Name}."),
        };

    private static Value Scalar(JsonValue json, PrimitiveType type)
    {
        var kind = json.GetValueKind();
        return type.Name switch
        {
            "string" when kind is JsonValueKind.String => new TextValue(json.GetValue<string>()),
            "string" when kind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => new TextValue(
                json.ToJsonString()
            ),
            "bool" when kind is JsonValueKind.True or JsonValueKind.False => new BoolValue(kind is JsonValueKind.True),
            "number" when kind is JsonValueKind.Number => new NumberValue(Canonical(json.ToJsonString())),
            "number" when kind is JsonValueKind.String && Numbers.IsLiteral(json.GetValue<string>()) => new NumberValue(
                json.GetValue<string>()
            ),
            _ => throw new FormatException($"{json.ToJsonString()} does not have the type {type.Name}."),
        };
    }

    private static string Canonical(string literal) =>
        long.TryParse(literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole.ToString(CultureInfo.InvariantCulture)
            : literal;
}

/// <summary>Decimal literals.</summary>
internal static partial class Numbers
{
    /// <summary>True for a text that both JSON and Terraform read as a finite number.</summary>
    public static bool IsLiteral(string text) => text.Length <= 512 && Literal().IsMatch(text);

    /// <summary>The literal as a double, for comparisons with bounds.</summary>
    public static double Approximate(string literal) => double.Parse(literal, NumberStyles.Float, CultureInfo.InvariantCulture);

    [System.Text.RegularExpressions.GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial System.Text.RegularExpressions.Regex Literal();
}
