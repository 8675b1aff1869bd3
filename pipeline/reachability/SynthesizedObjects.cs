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

/// <summary>How the objects of the cluster are found in what was synthesized: resources, and the whole objects of charts/manifests.</summary>
internal static partial class SynthesizedObjects
{
    /// <summary>The JSON of all stacks below the folder of a synthesis, by name.</summary>
    /// <exception cref="PipelineException">Nothing was synthesized there.</exception>
    public static IReadOnlyDictionary<string, JsonObject> Stacks(string folder)
    {
        var stacks = Path.Combine(folder, "stacks");
        if (!Directory.Exists(stacks))
            throw new PipelineException($"{stacks} is not there. Run \"synth\" first, or leave out --skip-synth.");
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

    /// <summary>The objects of charts/manifests in the values of a Helm release; none in those of another chart.</summary>
    public static IEnumerable<JsonObject> Manifests(SynthesizedResource release, string place) =>
        ((release.Body["values"] as JsonArray)?.Select(one => one!.GetValue<string>()) ?? []).SelectMany(values =>
            Manifests(values, place)
        );

    private static IEnumerable<JsonObject> Manifests(string values, string place)
    {
        try
        {
            // Values are literal JSON in a Terraform string, which doubles the sign before a brace to say that it is no reference.
            var json = JsonNode.Parse(
                values.Replace("$${", "${", StringComparison.Ordinal).Replace("%%{", "%{", StringComparison.Ordinal)
            );
            return (json?["manifests"] as JsonArray ?? []).OfType<JsonObject>();
        }
        catch (JsonException)
        {
            // YAML, or a reference that Terraform fills in: no values of charts/manifests, whose objects are always literal.
            return values.Contains("manifests", StringComparison.Ordinal)
                ? throw JsonFields.Error($"{place}: values", "\"manifests\" in something else", "literal JSON")
                : [];
        }
    }

    /// <summary>
    /// What the name of a namespace will be: the literal, or that of the stack's namespace that is referred to.
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

    /// <summary>The one block, which Terraform writes as an object or as a list of one.</summary>
    public static JsonNode? Single(JsonNode? block) => block is JsonArray { Count: 1 } list ? list[0] : block;

    [GeneratedRegex(@"^\$\{kubernetes_namespace_v1\.([\w-]+)\.metadata(?:\[0\]|\.0)\.name\}$")]
    private static partial Regex Reference();
}
