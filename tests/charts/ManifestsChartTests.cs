using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Tests.Constructs.Observability;
using InfraCdktf.Tests.Support;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace InfraCdktf.Tests.Charts;

/// <summary>
/// The chart manifests, which delivers the complete Kubernetes objects of the stacks. Most tests read the chart's files. One test
/// renders the chart with Helm; it is skipped if helm is not on PATH.
/// </summary>
public sealed partial class ManifestsChartTests
{
    private static string Chart => Repository.PathOf("charts", "manifests");

    [Fact]
    [Trait("Level", "pure")]
    public void Manifests_chart_has_an_exact_version_and_no_dependency()
    {
        var text = Read("Chart.yaml");
        Assert.Contains("apiVersion: v2\n", text);
        Assert.Contains("name: manifests\n", text);
        Assert.Matches(ExactVersion(), text);
        // Helm would download a dependency during apply.
        Assert.DoesNotContain("dependencies:", text, StringComparison.Ordinal);
    }

    /// <summary>
    /// Values are data: "{{ $labels.namespace }}" of an alert must stay unchanged. The function <c>tpl</c> would evaluate it.
    /// </summary>
    [Fact]
    [Trait("Level", "pure")]
    public void Manifests_template_contains_only_the_loop_over_the_objects()
    {
        var file = Assert.Single(Directory.GetFiles(Path.Combine(Chart, "templates")));
        var actions = Action().Matches(File.ReadAllText(file)).Select(action => action.Groups[1].Value.Trim('-', ' '));
        Assert.Equal(["range .Values.manifests", "toYaml .", "end"], actions);
    }

    [Fact]
    [Trait("Level", "pure")]
    public void Manifests_schema_requires_apiVersion_kind_and_metadata()
    {
        var schema = JsonNode.Parse(Read("values.schema.json"))!;
        Assert.Equal(["manifests"], schema["required"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.False(schema["additionalProperties"]!.GetValue<bool>());
        var required = schema["properties"]!["manifests"]!["items"]!["required"]!
            .AsArray()
            .Select(one => one!.GetValue<string>());
        Assert.Equal(["apiVersion", "kind", "metadata"], required);
    }

    [Fact]
    [Trait("Level", "real")]
    public void Manifests_chart_renders_every_object_unchanged()
    {
        Assert.SkipWhen(
            DebianTools.PathOf("helm") is null,
            "helm: not found on PATH; allowed: helm 3. Install it to run this test (https://helm.sh/docs/intro/install)."
        );
        using var directory = new TemporaryDirectory();
        var objects = PrometheusRulesTests.AllRules().ToList();
        var values = new JsonObject { ["manifests"] = new JsonArray([.. objects.Select(one => one.DeepClone())]) };
        var result = DebianTools.Run(
            "helm",
            ["template", "test", Chart, "--values", directory.Write("values.json", values.ToJsonString())]
        );
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(objects.Count, Documents(result.Output).Count);
        foreach (var (expected, rendered) in objects.Zip(Documents(result.Output)))
            Assert.True(JsonNode.DeepEquals(expected, rendered), $"Helm rendered {rendered}\ninstead of {expected}");
    }

    private static List<JsonNode> Documents(string yaml)
    {
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var writer = new SerializerBuilder().JsonCompatible().Build();
        var parser = new Parser(new StringReader(yaml));
        parser.Consume<StreamStart>();
        var documents = new List<JsonNode>();
        while (parser.Accept<DocumentStart>(out _))
        {
            if (reader.Deserialize(parser) is { } document)
                documents.Add(JsonNode.Parse(writer.Serialize(document))!);
        }
        return documents;
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Chart, file));

    [GeneratedRegex(@"^version: [0-9]+\.[0-9]+\.[0-9]+$", RegexOptions.Multiline)]
    private static partial Regex ExactVersion();

    [GeneratedRegex(@"\{\{(.*?)\}\}")]
    private static partial Regex Action();
}
