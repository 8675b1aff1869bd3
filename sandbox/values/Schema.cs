using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Values;

/// <summary>One attribute of a schema.</summary>
internal sealed record AttributeSchema(string Name, TerraformType Type, NestedSchema? Nested)
{
    public bool Required { get; init; }
    public bool Optional { get; init; }
    public bool Computed { get; init; }
    public bool WriteOnly { get; init; }

    /// <summary>True if a configuration cannot set the attribute.</summary>
    public bool ReadOnly => Computed && !Optional;
}

/// <summary>A nested block, or the nested type of an attribute. Mode: single, group, list, set, map.</summary>
internal sealed record NestedSchema(string Mode, BodySchema Body)
{
    /// <summary>True for a block that occurs at most once. SDK 2 can express this only by a limit on a list.</summary>
    public bool Single { get; init; }
}

/// <summary>The attributes and nested blocks of a provider, resource, data source, block or nested attribute.</summary>
internal sealed class BodySchema
{
    public BodySchema(JsonNode json)
    {
        Attributes = Entries(json["attributes"]).ToDictionary(a => a.Key, a => ReadAttribute(a.Key, a.Value!));
        Blocks = Entries(json["block_types"])
            .ToDictionary(
                b => b.Key,
                b => new NestedSchema(b.Value!["nesting_mode"]!.GetValue<string>(), new BodySchema(b.Value["block"]!))
                {
                    Single = b.Value["max_items"]?.GetValue<int>() == 1,
                }
            );
        Type = new ObjectType(
            Attributes
                .Select(a => KeyValuePair.Create(a.Key, a.Value.Type))
                .Concat(Blocks.Select(b => KeyValuePair.Create(b.Key, TerraformType.Nest(b.Value.Mode, b.Value.Body.Type))))
                .ToDictionary()
        );
    }

    public IReadOnlyDictionary<string, AttributeSchema> Attributes { get; }
    public IReadOnlyDictionary<string, NestedSchema> Blocks { get; }
    public ObjectType Type { get; }

    /// <summary>The schema of the nested block or nested attribute with this name; null if there is none.</summary>
    public NestedSchema? Nested(string name) => Blocks.GetValueOrDefault(name) ?? Attributes.GetValueOrDefault(name)?.Nested;

    private static AttributeSchema ReadAttribute(string name, JsonNode json)
    {
        var nested = json["nested_type"] is { } inner
            ? new NestedSchema(inner["nesting_mode"]!.GetValue<string>(), new BodySchema(inner))
            : null;
        var type = nested is null ? TerraformType.Parse(json["type"]) : TerraformType.Nest(nested.Mode, nested.Body.Type);
        return new AttributeSchema(name, type, nested)
        {
            Required = Flag(json, "required"),
            Optional = Flag(json, "optional"),
            Computed = Flag(json, "computed"),
            WriteOnly = Flag(json, "write_only"),
        };
    }

    private static bool Flag(JsonNode json, string name) => json[name]?.GetValue<bool>() ?? false;

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Entries(JsonNode? json) => json?.AsObject() ?? [];
}

/// <summary>A managed resource or data source.</summary>
internal sealed class ResourceSchema(JsonNode json)
{
    public BodySchema Body { get; } = new(json["block"]!);

    /// <summary>
    /// True for a resource of Terraform's SDK 2. Such a resource keeps every computed value over an update and may answer with
    /// values that differ from the plan. In an SDK 2 schema `id` is optional and computed. In the newer framework `id` is only
    /// computed or does not exist.
    /// </summary>
    public bool Legacy => Body.Attributes.GetValueOrDefault("id") is { Optional: true, Computed: true };
}

/// <summary>One provider's part of the output of `terraform providers schema -json`.</summary>
internal sealed class ProviderSchema
{
    private ProviderSchema(string address, JsonNode json)
    {
        Address = address;
        Json = json;
        Provider = new BodySchema(json["provider"]!["block"]!);
        Resources = Read("resource_schemas");
        DataSources = Read("data_source_schemas");
    }

    /// <summary>`registry.terraform.io/linode/linode`.</summary>
    public string Address { get; }
    public JsonNode Json { get; }
    public BodySchema Provider { get; }
    public IReadOnlyDictionary<string, ResourceSchema> Resources { get; }
    public IReadOnlyDictionary<string, ResourceSchema> DataSources { get; }

    /// <summary>Reads a schema that is embedded in this assembly, by file name without extension (`linode-3.13.0`).</summary>
    public static ProviderSchema Load(string name)
    {
        var (address, json) = Resource.Json($"schemas/{name}.schema.json")["provider_schemas"]!.AsObject().Single();
        return new ProviderSchema(address, json!);
    }

    private Dictionary<string, ResourceSchema> Read(string key) =>
        Json[key]!.AsObject().ToDictionary(s => s.Key, s => new ResourceSchema(s.Value!));
}

/// <summary>Files embedded in this assembly.</summary>
internal static class Resource
{
    public static JsonNode Json(string name)
    {
        using var stream =
            typeof(Resource).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"The sandbox was built without the embedded file \"{name}\".");
        return JsonNode.Parse(stream)!;
    }
}
