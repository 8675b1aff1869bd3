using System.Text.Json.Nodes;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// The shipped stacks from tests/snapshots, for tests that run Terraform on all of them without starting jsii. SnapshotTests
/// keeps the snapshots equal to the synthesized output.
/// </summary>
internal static class SnapshotPlatform
{
    private const string Folded = "(json)";

    /// <summary>Writes all stacks in the form of a synthesis, with their charts.</summary>
    /// <param name="output">The directory of all stacks ("cdktf.out").</param>
    public static void Write(string output)
    {
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("tests", "snapshots"), "*.json"))
        {
            var stack = Fold(JsonNode.Parse(File.ReadAllText(file)))!.AsObject();
            var directory = Directory.CreateDirectory(Path.Combine(output, "stacks", Path.GetFileNameWithoutExtension(file)));
            File.WriteAllText(Path.Combine(directory.FullName, "cdk.tf.json"), stack.ToJsonString());
            foreach (var (_, release) in stack["resource"]?["helm_release"]?.AsObject() ?? [])
                if (release!["chart"]!.GetValue<string>() is var chart && chart.StartsWith("assets/", StringComparison.Ordinal))
                    Copy(Repository.PathOf("charts", "manifests"), Path.Combine(directory.FullName, chart));
        }
    }

    // A snapshot shows JSON in a text as an object.
    private static JsonNode? Fold(JsonNode? node) =>
        node switch
        {
            JsonObject fields when fields.TryGetPropertyValue(Folded, out var text) => Fold(text)!.ToJsonString(),
            JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Fold(field.Value)))),
            JsonArray items => new JsonArray([.. items.Select(Fold)]),
            _ => node?.DeepClone(),
        };

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var directory in Directory.EnumerateDirectories(from))
            Copy(directory, Path.Combine(to, Path.GetFileName(directory)));
    }
}
