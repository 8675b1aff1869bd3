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
    /// <summary>
    /// The object's identity in an account: type and id. The id of a Helm release is only its name, which several namespaces may
    /// have.
    /// </summary>
    public string Key => Type == "helm_release" && Attributes["namespace"] is { } space ? $"{Type}/{space}/{Id}" : $"{Type}/{Id}";

    /// <summary>Its address without the mark of a deposed object: several objects of a state can have the same.</summary>
    public string Instance { get; init; } = Address;

    /// <summary>The key of a deposed object, which the next apply deletes; null for the current object of its address.</summary>
    public string? Deposed { get; init; }

    /// <summary>True if Terraform marked it: its creation did not end well, and the next plan replaces it.</summary>
    public bool Tainted { get; init; }

    /// <summary>Its attributes; they may be sensitive.</summary>
    internal JsonObject Attributes { get; init; } = [];

    /// <summary>The address only, because attributes may be sensitive.</summary>
    public override string ToString() => Address;
}

/// <summary>A state as Terraform writes it (format version 4).</summary>
public sealed record StateFile
{
    // JsonNode reads lazily: without this option a key that is given twice would be found later, at any access.
    private static readonly JsonDocumentOptions _once = new() { AllowDuplicateProperties = false };

    /// <summary>The serial: it increases with every change of this state.</summary>
    public required long Serial { get; init; }

    /// <summary>The lineage: Terraform creates a new one when a state is created from nothing.</summary>
    public required string Lineage { get; init; }

    /// <summary>The version of Terraform that wrote the state.</summary>
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
    /// <exception cref="PipelineException">The bytes are not a state: cut off, not JSON, or another format version.</exception>
    public static StateFile Parse(ReadOnlySpan<byte> content)
    {
        try
        {
            var state = JsonNode.Parse(content, documentOptions: _once)!.AsObject();
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
            // The exception's text is left out: it may quote the content.
            throw new PipelineException(
                $"The state is not valid: it is cut off or is not the JSON that Terraform writes ({content.Length} bytes). "
                    + "Restore the newest good version with \"state restore\". \"archive list\" shows the versions."
            );
        }
    }

    /// <summary>
    /// Reads the output of <c>terraform state pull</c>; null if it is empty, which means that there is no state.
    /// </summary>
    public static StateFile? FromPull(string text) =>
        string.IsNullOrWhiteSpace(text) ? null : Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>The address of an instance in a state's JSON, without the mark of a deposed object.</summary>
    internal static string AddressOf(JsonNode resource, JsonNode instance)
    {
        var index = instance["index_key"]?.ToJsonString();
        var name = $"{resource["type"]!.GetValue<string>()}.{resource["name"]!.GetValue<string>()}";
        var module = resource["module"] is { } given ? $"{given.GetValue<string>()}." : "";
        return $"{module}{name}{(index is null ? "" : $"[{index}]")}";
    }

    private static StateObject Read(JsonNode resource, JsonNode instance)
    {
        var address = AddressOf(resource, instance);
        var deposed = instance["deposed"]?.GetValue<string>();
        return new(
            deposed is null ? address : $"{address} (deposed {deposed})",
            resource["type"]!.GetValue<string>(),
            instance["attributes"]?["id"]?.ToString() ?? "",
            instance["attributes"]?["label"]?.ToString()
        )
        {
            Instance = address,
            Deposed = deposed,
            Tainted = instance["status"]?.GetValue<string>() == "tainted",
            Attributes = instance["attributes"]?.AsObject() ?? [],
        };
    }
}
