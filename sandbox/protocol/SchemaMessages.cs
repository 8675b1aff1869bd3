using System.Text.Json.Nodes;
using Google.Protobuf;
using InfraCdktf.Sandbox.Protocol.Messages;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Protocol;

/// <summary>Converts the JSON of `terraform providers schema -json` back to the provider's answer.</summary>
internal static class SchemaMessages
{
    public static GetProviderSchema.Types.Response Response(ProviderSchema schema)
    {
        var response = new GetProviderSchema.Types.Response
        {
            Provider = Versioned(schema.Json["provider"]!),
            // Terraform may ask once and cache the answer. PlanDestroy is not set because it has no use here.
            ServerCapabilities = new ServerCapabilities { GetProviderSchemaOptional = true },
        };
        foreach (var (name, resource) in Entries(schema.Json["resource_schemas"]))
            response.ResourceSchemas.Add(name, Versioned(resource!));
        foreach (var (name, data) in Entries(schema.Json["data_source_schemas"]))
            response.DataSourceSchemas.Add(name, Versioned(data!));
        foreach (var (name, ephemeral) in Entries(schema.Json["ephemeral_resource_schemas"]))
            response.EphemeralResourceSchemas.Add(name, Versioned(ephemeral!));
        foreach (var (name, function) in Entries(schema.Json["functions"]))
            response.Functions.Add(name, Function(function!));
        return response;
    }

    private static Schema Versioned(JsonNode json) =>
        new() { Version = json["version"]?.GetValue<long>() ?? 0, Block = Block(json["block"]!) };

    private static Schema.Types.Block Block(JsonNode json)
    {
        var block = new Schema.Types.Block
        {
            Description = Text(json, "description"),
            DescriptionKind = Kind(json),
            Deprecated = Flag(json, "deprecated"),
        };
        block.Attributes.AddRange(Entries(json["attributes"]).Select(a => Attribute(a.Key, a.Value!)));
        foreach (var (name, nested) in Entries(json["block_types"]))
            block.BlockTypes.Add(
                new Schema.Types.NestedBlock
                {
                    TypeName = name,
                    Block = Block(nested!["block"]!),
                    Nesting = Enum.Parse<Schema.Types.NestedBlock.Types.NestingMode>(
                        Text(nested, "nesting_mode"),
                        ignoreCase: true
                    ),
                    MinItems = nested["min_items"]?.GetValue<long>() ?? 0,
                    MaxItems = nested["max_items"]?.GetValue<long>() ?? 0,
                }
            );
        return block;
    }

    private static Schema.Types.Attribute Attribute(string name, JsonNode json)
    {
        var attribute = new Schema.Types.Attribute
        {
            Name = name,
            Description = Text(json, "description"),
            DescriptionKind = Kind(json),
            Required = Flag(json, "required"),
            Optional = Flag(json, "optional"),
            Computed = Flag(json, "computed"),
            Sensitive = Flag(json, "sensitive"),
            Deprecated = Flag(json, "deprecated"),
            WriteOnly = Flag(json, "write_only"),
        };
        if (json["nested_type"] is { } nested)
        {
            attribute.NestedType = new Schema.Types.Object
            {
                Nesting = Enum.Parse<Schema.Types.Object.Types.NestingMode>(Text(nested, "nesting_mode"), ignoreCase: true),
            };
            attribute.NestedType.Attributes.AddRange(Entries(nested["attributes"]).Select(a => Attribute(a.Key, a.Value!)));
        }
        else
        {
            attribute.Type = TypeOf(json, "type");
        }
        return attribute;
    }

    private static Function Function(JsonNode json)
    {
        var function = new Function
        {
            Summary = Text(json, "summary"),
            Description = Text(json, "description"),
            DeprecationMessage = Text(json, "deprecation_message"),
            Return = new Function.Types.Return { Type = TypeOf(json, "return_type") },
        };
        foreach (var parameter in json["parameters"] as JsonArray ?? [])
            function.Parameters.Add(Parameter(parameter!));
        if (json["variadic_parameter"] is { } variadic)
            function.VariadicParameter = Parameter(variadic);
        return function;
    }

    private static Function.Types.Parameter Parameter(JsonNode json) =>
        new()
        {
            Name = Text(json, "name"),
            Description = Text(json, "description"),
            Type = TypeOf(json, "type"),
            AllowNullValue = Flag(json, "is_nullable"),
        };

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Entries(JsonNode? json) => json as JsonObject ?? [];

    private static ByteString TypeOf(JsonNode json, string key) => ByteString.CopyFromUtf8(json[key]!.ToJsonString());

    private static string Text(JsonNode json, string key) => json[key]?.GetValue<string>() ?? "";

    private static bool Flag(JsonNode json, string key) => json[key]?.GetValue<bool>() ?? false;

    private static StringKind Kind(JsonNode json) =>
        Text(json, "description_kind") == "markdown" ? StringKind.Markdown : StringKind.Plain;
}
