using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Behaviour;

/// <summary>
/// Facts about one attribute that are in the real provider's code but not in its schema. They are printed from the provider.
/// </summary>
internal sealed record AttributeFacts
{
    public static readonly AttributeFacts None = new();

    public bool ForceNew { get; init; }
    public bool NoUpdate { get; init; }
    public bool UseStateForUnknown { get; init; }
    public bool DiffSuppressed { get; init; }
    public JsonNode? Default { get; init; }
    public double? Min { get; init; }
    public double? Max { get; init; }
    public int? MinLength { get; init; }
    public int? MaxLength { get; init; }
    public int? MinItems { get; init; }
    public int? MaxItems { get; init; }
    public IReadOnlyList<JsonNode> OneOf { get; init; } = [];
    public IReadOnlyList<string> ConflictsWith { get; init; } = [];
    public IReadOnlyList<string> RequiredWith { get; init; } = [];
    public IReadOnlyList<string> ExactlyOneOf { get; init; } = [];
    public IReadOnlyList<string> AtLeastOneOf { get; init; } = [];
}

/// <summary>The facts of one resource or data source by attribute path ("pool.autoscaler.min", without indexes).</summary>
internal sealed class BodyFacts(IReadOnlyDictionary<string, AttributeFacts> byPath)
{
    public static readonly BodyFacts None = new(new Dictionary<string, AttributeFacts>());

    public AttributeFacts this[string path] => byPath.GetValueOrDefault(path, AttributeFacts.None);

    public IEnumerable<string> Paths => byPath.Keys;
}

/// <summary>All facts of one provider.</summary>
internal sealed class ProviderFacts(IReadOnlyDictionary<string, BodyFacts> byBody)
{
    private static readonly JsonSerializerOptions _snakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public BodyFacts Provider => Body("provider");

    public BodyFacts Resource(string type) => Body($"resource {type}");

    public BodyFacts Data(string type) => Body($"data {type}");

    /// <summary>Reads facts that are embedded in this assembly, by file name without extension (`linode-3.13.0`).</summary>
    public static ProviderFacts Load(string name) =>
        new(Values.Resource.Json($"schemas/{name}.behaviour.json").AsObject().ToDictionary(b => b.Key, b => ReadBody(b.Value!)));

    private static BodyFacts ReadBody(JsonNode json) =>
        new(json.AsObject().ToDictionary(a => a.Key, a => a.Value.Deserialize<AttributeFacts>(_snakeCase)!));

    private BodyFacts Body(string key) => byBody.GetValueOrDefault(key, BodyFacts.None);
}
