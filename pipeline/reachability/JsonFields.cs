using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// Reads a JSON object strictly: an unknown field is an error, because an ignored field could hide an allow rule. A null field
/// counts as absent, as in Kubernetes; a null value in a map of texts is an error.
/// </summary>
internal sealed class JsonFields
{
    private readonly JsonObject _object;

    /// <summary>Opens an object that may have only these fields.</summary>
    public JsonFields(JsonNode? node, string place, params string[] understood)
    {
        Place = place;
        _object = node as JsonObject ?? throw Wrong("an object", node);
        foreach (var (name, value) in _object)
        {
            if (value is not null && !understood.Contains(name))
                throw Error($"{place}.{name}", $"{Short(value)}", $"only {string.Join(", ", understood)}");
        }
    }

    /// <summary>The place of the object, for messages.</summary>
    public string Place { get; }

    /// <summary>A field; null if it is absent.</summary>
    public JsonNode? this[string name] => _object[name];

    /// <summary>The items of a list with their places; empty if the list is absent.</summary>
    public IEnumerable<(JsonNode? Item, string Place)> List(string name) =>
        _object[name] switch
        {
            null => [],
            JsonArray list => list.Select(
                (item, index) => (item, string.Create(CultureInfo.InvariantCulture, $"{Place}.{name}[{index}]"))
            ),
            var other => throw Error($"{Place}.{name}", Short(other), "a list"),
        };

    /// <summary>The texts of a list.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. List(name).Select(one => TextOf(one.Item, one.Place))];

    /// <summary>A text; null if it is absent.</summary>
    public string? Text(string name) => _object[name] is { } value ? TextOf(value, $"{Place}.{name}") : null;

    /// <summary>A required text.</summary>
    public string Required(string name) => Text(name) ?? throw Error($"{Place}.{name}", "nothing", "a text");

    /// <summary>A whole number; null if it is absent.</summary>
    public int? Number(string name) =>
        _object[name] switch
        {
            null => null,
            JsonValue value when value.TryGetValue(out int number) => number,
            var other => throw Error($"{Place}.{name}", Short(other), "a whole number"),
        };

    /// <summary>A map of texts; empty if it is absent.</summary>
    public IReadOnlyDictionary<string, string> Map(string name) =>
        _object[name] switch
        {
            null => new Dictionary<string, string>(),
            // The API server reads null as "", so an entry that is left out would select more.
            JsonObject map => map.ToDictionary(entry => entry.Key, entry => TextOf(entry.Value, $"{Place}.{name}.{entry.Key}")),
            var other => throw Error($"{Place}.{name}", Short(other), "a map of texts"),
        };

    /// <summary>An error at a place.</summary>
    public static PipelineException Error(string place, string given, string allowed) =>
        new(
            $"{place}: given {given}; allowed: {allowed}. "
                + "Use an allowed form, or extend the reader first: an ignored part could hide an allow rule."
        );

    /// <summary>A value as text for a message, cut to 80 characters.</summary>
    public static string Short(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "nothing";
        return text.Length <= 80 ? text : $"{text[..77]}...";
    }

    private PipelineException Wrong(string allowed, JsonNode? given) => Error(Place, Short(given), allowed);

    private static string TextOf(JsonNode? value, string place)
    {
        if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String)
            throw Error(place, Short(value), "a text");
        var text = value.GetValue<string>();
        // Terraform replaces a reference with a value that is not known before it runs.
        return text.Contains("${", StringComparison.Ordinal) || text.Contains("%{", StringComparison.Ordinal)
            ? throw Error(place, $"\"{text}\"", "a literal, or the name of a namespace of the same stack")
            : text;
    }
}
