using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>A resource of a synthesized stack.</summary>
/// <param name="Type">"kubernetes_namespace_v1".</param>
/// <param name="Name">The last part of its address.</param>
/// <param name="Body">Its arguments.</param>
internal sealed record SynthesizedResource(string Type, string Name, JsonObject Body)
{
    /// <summary>Its state address.</summary>
    public string Address => $"{Type}.{Name}";
}

/// <summary>Finds the objects of the cluster in a synthesis: resources, and the complete objects of charts/manifests.</summary>
internal static partial class SynthesizedObjects
{
    /// <summary>The JSON of all stacks below the folder of a synthesis, by name.</summary>
    /// <exception cref="PipelineException">Nothing was synthesized there.</exception>
    public static IReadOnlyDictionary<string, JsonObject> Stacks(string folder)
    {
        var stacks = Path.Combine(folder, "stacks");
        if (!Directory.Exists(stacks))
            throw new PipelineException($"{stacks} does not exist. Run \"synth\" first, or omit --skip-synth.");
        return Directory
            .GetDirectories(stacks)
            .Select(stack => (Name: Path.GetFileName(stack), File: Path.Combine(stack, "cdk.tf.json")))
            .Where(stack => File.Exists(stack.File))
            .ToDictionary(stack => stack.Name, stack => JsonNode.Parse(File.ReadAllText(stack.File))!.AsObject());
    }

    /// <summary>The resources of a stack.</summary>
    public static IEnumerable<SynthesizedResource> Resources(JsonObject stack) =>
        (stack["resource"] as JsonObject ?? []).SelectMany(type =>
            type.Value!.AsObject().Select(one => new SynthesizedResource(type.Key, one.Key, one.Value!.AsObject()))
        );

    /// <summary>The objects of charts/manifests in the values of a Helm release; empty for another chart.</summary>
    public static IEnumerable<JsonObject> Manifests(SynthesizedResource release, string place) =>
        ((release.Body["values"] as JsonArray)?.Select(one => one!.GetValue<string>()) ?? []).SelectMany(values =>
            Manifests(values, place)
        );

    private static IEnumerable<JsonObject> Manifests(string values, string place)
    {
        try
        {
            // Values are literal JSON in a Terraform string. Terraform doubles "$" and "%" before a brace to mark that it is not
            // a reference.
            var json = JsonNode.Parse(
                values.Replace("$${", "${", StringComparison.Ordinal).Replace("%%{", "%{", StringComparison.Ordinal)
            );
            return (json?["manifests"] as JsonArray ?? []).OfType<JsonObject>();
        }
        catch (JsonException)
        {
            // YAML, or text with a Terraform reference: not the values of charts/manifests, whose objects are always literal
            // JSON.
            return values.Contains("manifests", StringComparison.Ordinal)
                ? throw JsonFields.Error($"{place}: values", "\"manifests\" in something else", "literal JSON")
                : [];
        }
    }

    /// <summary>
    /// The name of a namespace after the apply: the literal, or the name of the namespace of the same stack that it refers to.
    /// </summary>
    public static string Resolve(JsonObject stack, string text, string place)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;
        return
            Reference().Match(text) is { Success: true } match
            && Single(stack["resource"]?["kubernetes_namespace_v1"]?[match.Groups[1].Value]?["metadata"])?["name"] is { } name
            ? name.GetValue<string>()
            : throw JsonFields.Error(
                $"{place}: namespace",
                $"\"{text}\"",
                "a literal, or ${kubernetes_namespace_v1.NAME.metadata[0].name} of the same stack"
            );
    }

    /// <summary>A single block, which Terraform writes as an object or as a list with one item.</summary>
    public static JsonNode? Single(JsonNode? block) => block is JsonArray { Count: 1 } list ? list[0] : block;

    [GeneratedRegex(@"^\$\{kubernetes_namespace_v1\.([\w-]+)\.metadata(?:\[0\]|\.0)\.name\}$")]
    private static partial Regex Reference();
}
