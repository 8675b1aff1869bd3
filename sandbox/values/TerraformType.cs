using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Values;

/// <summary>A Terraform type constraint in the form of `terraform providers schema -json`.</summary>
internal abstract record TerraformType
{
    public static readonly TerraformType String = new PrimitiveType("string");
    public static readonly TerraformType Number = new PrimitiveType("number");
    public static readonly TerraformType Bool = new PrimitiveType("bool");
    public static readonly TerraformType Dynamic = new PrimitiveType("dynamic");

    /// <summary>Reads `"string"`, `["list","string"]`, `["object",{...}]`, `["tuple",[...]]`.</summary>
    /// <exception cref="FormatException">The JSON is not a type constraint.</exception>
    public static TerraformType Parse(JsonNode? json, int depth = 0)
    {
        if (depth > Limits.Depth)
            throw new FormatException($"The type is nested deeper than {Limits.Depth} levels.");
        switch (json)
        {
            case JsonValue value when value.TryGetValue<string>(out var name):
                return name switch
                {
                    "string" => String,
                    "number" => Number,
                    "bool" => Bool,
                    "dynamic" => Dynamic,
                    _ => throw new FormatException($"Unknown type \"{name}\"."),
                };
            case JsonArray { Count: >= 2 } pair when pair[0] is JsonValue head && head.TryGetValue<string>(out var kind):
                return kind switch
                {
                    "list" or "set" or "map" => new CollectionType(kind, Parse(pair[1], depth + 1)),
                    "object" when pair[1] is JsonObject fields => new ObjectType(
                        fields.ToDictionary(f => f.Key, f => Parse(f.Value, depth + 1))
                    ),
                    "tuple" when pair[1] is JsonArray items => new TupleType([.. items.Select(i => Parse(i, depth + 1))]),
                    _ => throw new FormatException($"Unknown type constructor \"{kind}\"."),
                };
            default:
                throw new FormatException("A type constraint must be a name or an array.");
        }
    }

    /// <summary>The type of a nested block or attribute: the nesting mode around an object.</summary>
    public static TerraformType Nest(string mode, TerraformType body) =>
        mode is "single" or "group" ? body : new CollectionType(mode, body);

    /// <summary>The inverse of <see cref="Parse"/>.</summary>
    public abstract JsonNode ToJson();
}

/// <summary>A primitive type: string, number, bool or dynamic.</summary>
internal sealed record PrimitiveType(string Name) : TerraformType
{
    public override JsonNode ToJson() => Name;
}

/// <summary>A list, set or map of one element type.</summary>
internal sealed record CollectionType(string Kind, TerraformType Element) : TerraformType
{
    public override JsonNode ToJson() => new JsonArray(Kind, Element.ToJson());
}

/// <summary>An object with named attributes.</summary>
internal sealed record ObjectType(IReadOnlyDictionary<string, TerraformType> Attributes) : TerraformType
{
    public override JsonNode ToJson() =>
        new JsonArray("object", new JsonObject(Attributes.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value.ToJson()))));

    public bool Equals(ObjectType? other) =>
        other is not null
        && Attributes.Count == other.Attributes.Count
        && Attributes.All(a => other.Attributes.TryGetValue(a.Key, out var type) && type.Equals(a.Value));

    public override int GetHashCode() => Attributes.Count;
}

/// <summary>A sequence with a type for each position.</summary>
internal sealed record TupleType(IReadOnlyList<TerraformType> Items) : TerraformType
{
    public override JsonNode ToJson() => new JsonArray("tuple", new JsonArray([.. Items.Select(i => i.ToJson())]));

    public bool Equals(TupleType? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Count;
}

/// <summary>Limits on input. They are far above the sizes that Terraform sends.</summary>
internal static class Limits
{
    /// <summary>The maximum nesting levels. The deepest real schema (a cron job's pod template) has 17.</summary>
    public const int Depth = 64;

    /// <summary>The maximum size of one gRPC message in bytes. Terraform's own limit is 256 MiB.</summary>
    public const int MessageBytes = 256 << 20;
}
