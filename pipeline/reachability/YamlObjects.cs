using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>Reads objects in YAML, such as the output of <c>kubectl get -o yaml</c>.</summary>
public static class YamlObjects
{
    /// <summary>The documents of a text, without empty documents.</summary>
    /// <exception cref="PipelineException">A document is not YAML or not an object.</exception>
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
                .Select(node =>
                    node as JsonObject
                    ?? throw new PipelineException($"{JsonFields.Short(node)}: not an object. Write a mapping.")
                ),
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
            _ => throw new PipelineException($"Line {node.Start.Line}: aliases are not supported. Write the value out."),
        };

    // The part of YAML 1.2's core schema that a policy can use.
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
