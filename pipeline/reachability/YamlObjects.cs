using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>Reads objects written in YAML, as people and tools such as <c>kubectl get -o yaml</c> write them.</summary>
public static class YamlObjects
{
    /// <summary>The documents of a text; empty ones are left out.</summary>
    /// <exception cref="PipelineException">A document is no YAML, or no object.</exception>
    public static IReadOnlyList<JsonObject> Parse(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException problem)
        {
            throw new PipelineException($"Line {problem.Start.Line}: not YAML: {problem.Message}");
        }
        return
        [
            .. stream
                .Documents.Select(document => Node(document.RootNode))
                .Where(node => node is not null)
                .Select(node => node as JsonObject ?? throw new PipelineException($"{JsonFields.Short(node)} is no object.")),
        ];
    }

    private static JsonNode? Node(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, Node(entry.Value)))
            ),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
            YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
            YamlScalarNode scalar => scalar.Value,
            _ => throw new PipelineException($"Line {node.Start.Line}: aliases are not read. Write the value out."),
        };

    // YAML 1.2's core schema, as far as a policy can use it.
    private static JsonNode? Plain(string text) =>
        text switch
        {
            "" or "~" or "null" => null,
            "true" => true,
            "false" => false,
            _ when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ => text,
        };
}
