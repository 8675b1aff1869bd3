using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>
/// The values of a plan that have no text: those that are known only after the apply, and those that are not shown. Each is a
/// mark in the place of the value.
/// </summary>
internal static class PlanValue
{
    /// <summary>What is shown for a value that is known only after the apply.</summary>
    public const string Unknown = "(known after apply)";

    /// <summary>What is shown for a secret.</summary>
    public const string Sensitive = "(sensitive)";

    // No name of a provider or of Kubernetes has a control character.
    private const string UnknownMark = "\u0001unknown";
    private const string HiddenMark = "\u0001hidden";

    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The mark of a value that is known only after the apply.</summary>
    public static JsonObject NotKnown() => new() { [UnknownMark] = true };

    /// <summary>The mark of a value that is not shown.</summary>
    /// <param name="digest">Equal for equal values, so that a change is seen; the value must not follow from it.</param>
    public static JsonObject Hidden(string digest) => new() { [HiddenMark] = digest };

    /// <summary>True for the mark of a value that is known only after the apply.</summary>
    public static bool IsUnknown(JsonNode? node) => node is JsonObject { Count: 1 } mark && mark.ContainsKey(UnknownMark);

    /// <summary>True for the mark of a value that is not shown.</summary>
    public static bool IsHidden(JsonNode? node) => node is JsonObject { Count: 1 } mark && mark.ContainsKey(HiddenMark);

    /// <summary>True for each of the two marks.</summary>
    public static bool IsMark(JsonNode? node) => IsUnknown(node) || IsHidden(node);

    /// <summary>True for what Terraform shows of an argument that is not set.</summary>
    public static bool IsUnset(JsonNode? node) =>
        node switch
        {
            null => true,
            JsonArray list => list.All(IsUnset),
            JsonObject fields => !IsMark(fields) && fields.All(field => IsUnset(field.Value)),
            JsonValue value => value.TryGetValue(out string? text) && text.Length == 0,
            _ => false,
        };

    /// <summary>The value for people, in one line: a text without quotes, everything else as JSON.</summary>
    public static string Text(JsonNode? node) =>
        node switch
        {
            null => "null",
            _ when IsUnknown(node) => Unknown,
            _ when IsHidden(node) => Sensitive,
            JsonValue value when value.TryGetValue(out string? text) => OneLine(text),
            _ => Shown(node)!.ToJsonString(s_readable),
        };

    /// <summary>The value for a JSON document: marks as texts.</summary>
    public static JsonNode? Shown(JsonNode? node) =>
        node switch
        {
            _ when IsUnknown(node) => Unknown,
            _ when IsHidden(node) => Sensitive,
            JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Shown(field.Value)))),
            JsonArray items => new JsonArray([.. items.Select(Shown)]),
            _ => node?.DeepClone(),
        };

    private static string OneLine(string text) =>
        text.Length == 0 || text.Any(char.IsControl) || text.Trim().Length != text.Length
            ? JsonSerializer.Serialize(text, s_readable)
            : text;
}
