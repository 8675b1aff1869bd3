using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>One managed object in a state.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Type">Its resource type.</param>
/// <param name="Id">Its id.</param>
/// <param name="Label">Its label, where the type has one.</param>
public sealed record StateObject(string Address, string Type, string Id, string? Label)
{
    /// <summary>What identifies it in an account.</summary>
    public string Key => $"{Type}/{Id}";

    /// <summary>Its attributes; they may be sensitive.</summary>
    internal JsonObject Attributes { get; init; } = [];

    /// <summary>That only the address is printed.</summary>
    public override string ToString() => Address;
}

/// <summary>A state as Terraform writes it (format version 4).</summary>
public sealed record StateFile
{
    /// <summary>Counts up with every change of this state.</summary>
    public required long Serial { get; init; }

    /// <summary>Which life of the stack this is: a new one is begun when a state is made from nothing.</summary>
    public required string Lineage { get; init; }

    /// <summary>The Terraform that wrote it.</summary>
    public required string TerraformVersion { get; init; }

    /// <summary>The managed objects.</summary>
    public required IReadOnlyList<StateObject> Objects { get; init; }

    /// <summary>The outputs; they may be sensitive.</summary>
    internal JsonObject Outputs { get; init; } = [];

    /// <summary>The values of the outputs that are not sensitive.</summary>
    public IReadOnlyDictionary<string, JsonNode?> PlainOutputs =>
        Outputs
            .Where(output => output.Value?["sensitive"]?.GetValue<bool>() != true)
            .ToDictionary(output => output.Key, output => output.Value?["value"]?.DeepClone(), StringComparer.Ordinal);

    /// <summary>Reads a state.</summary>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="PipelineException">It is none: cut off, not JSON, or of another format.</exception>
    public static StateFile Parse(ReadOnlySpan<byte> content)
    {
        try
        {
            var state = JsonNode.Parse(content)!.AsObject();
            if (state["version"]?.GetValue<int>() is not 4)
                throw new PipelineException(
                    $"The state has format version {state["version"]?.ToJsonString() ?? "none"}; allowed: 4."
                );
            return new()
            {
                Serial = state["serial"]!.GetValue<long>(),
                Lineage = state["lineage"]!.GetValue<string>(),
                TerraformVersion = state["terraform_version"]?.GetValue<string>() ?? "",
                Objects =
                [
                    .. state["resources"]!
                        .AsArray()
                        .Where(resource => resource!["mode"]!.GetValue<string>() == "managed")
                        .SelectMany(resource => resource!["instances"]!.AsArray().Select(instance => Read(resource!, instance!))),
                ],
                Outputs = state["outputs"]?.AsObject() ?? [],
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException)
        {
            // Not the exception's own text: it may quote the content.
            throw new PipelineException(
                $"The state is no state: it is cut off or is not the JSON that Terraform writes ({content.Length} bytes). "
                    + "Write the newest good version back with \"state restore\"; \"state list\" shows which there are."
            );
        }
    }

    /// <summary>Reads what <c>terraform state pull</c> gives; null for its empty text, which says that there is no state.</summary>
    public static StateFile? FromPull(string text) =>
        string.IsNullOrWhiteSpace(text) ? null : Parse(Encoding.UTF8.GetBytes(text));

    private static StateObject Read(JsonNode resource, JsonNode instance)
    {
        var type = resource["type"]!.GetValue<string>();
        var index = instance["index_key"]?.ToJsonString();
        var address = $"{type}.{resource["name"]!.GetValue<string>()}{(index is null ? "" : $"[{index}]")}";
        if (resource["module"] is { } module)
            address = $"{module.GetValue<string>()}.{address}";
        if (instance["deposed"] is { } deposed)
            address = $"{address} (deposed {deposed.GetValue<string>()})";
        return new(address, type, instance["attributes"]?["id"]?.ToString() ?? "", instance["attributes"]?["label"]?.ToString())
        {
            Attributes = instance["attributes"]?.AsObject() ?? [],
        };
    }
}
