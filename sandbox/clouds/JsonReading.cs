using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds;

/// <summary>Reads an object's attributes by a path such as "metadata.0.name". A missing path gives null.</summary>
internal static class JsonReading
{
    public static JsonNode? At(this JsonNode? json, string path)
    {
        foreach (var step in path.Split('.'))
        {
            json = json switch
            {
                JsonObject map => map[step],
                JsonArray list when int.TryParse(step, CultureInfo.InvariantCulture, out var i) && i < list.Count => list[i],
                _ => null,
            };
        }
        return json;
    }

    public static string? Text(this JsonNode? json, string path) =>
        json.At(path) is JsonValue value
            ? value.GetValueKind() == JsonValueKind.String
                ? value.GetValue<string>()
                : value.ToJsonString()
            : null;

    public static long? Whole(this JsonNode? json, string path) =>
        json.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            // A JsonValue may store a number as long, double or text. Its JSON literal works for all of them.
            ? (long)double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
            : null;

    public static bool True(this JsonNode? json, string path) =>
        json.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>The elements of a list; none if there is no list.</summary>
    public static IEnumerable<JsonNode?> Items(this JsonNode? json, string path) => json.At(path) as JsonArray ?? [];

    public static IEnumerable<string> Texts(this JsonNode? json, string path) =>
        json.Items(path).OfType<JsonValue>().Select(v => v.ToString());

    /// <summary>The entries of a map; none if there is no map.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Entries(this JsonNode? json, string path) =>
        json.At(path) as JsonObject ?? [];
}
