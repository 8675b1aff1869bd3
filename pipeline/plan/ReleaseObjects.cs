using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>
/// The Kubernetes objects inside the Helm releases of <c>charts/manifests</c>: its values have them unchanged, in
/// <c>manifests</c>.
/// </summary>
internal static class ReleaseObjects
{
    private const string Member = "manifests";

    /// <summary>The values of a release as JSON. Values are written as one text each, in JSON or YAML.</summary>
    /// <param name="release">The value of a <c>helm_release</c>, which is not changed.</param>
    public static JsonObject? Unfold(JsonObject? release)
    {
        if (release?["values"] is not JsonArray values)
            return release;
        var unfolded = release.DeepClone().AsObject();
        unfolded["values"] = new JsonArray([.. values.Select(text => Parse(text) ?? text?.DeepClone())]);
        return unfolded;
    }

    /// <summary>Takes the objects out of the values.</summary>
    /// <param name="release">The unfolded value of a release; its <c>manifests</c> are removed.</param>
    /// <returns>The objects by kind, namespace and name.</returns>
    public static IReadOnlyDictionary<string, JsonObject> Take(JsonObject? release)
    {
        var objects = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var values in ResourceChange.Objects(release?["values"]))
        {
            if (values[Member] is not JsonArray manifests || !manifests.All(IsObject))
                continue;
            values.Remove(Member);
            foreach (var manifest in manifests)
                objects[Title(manifest!.AsObject())] = manifest.AsObject();
        }
        return objects;
    }

    private static bool IsObject(JsonNode? node) =>
        node is JsonObject
        && ResourceChange.Text(node["kind"]) is not null
        && ResourceChange.Text(node["metadata"]?["name"]) is not null;

    private static string Title(JsonObject manifest)
    {
        var (kind, name) = (manifest["kind"], manifest["metadata"]!["name"]);
        return ResourceChange.Text(manifest["metadata"]!["namespace"]) is { } space ? $"{kind} {space}/{name}" : $"{kind} {name}";
    }

    private static JsonNode? Parse(JsonNode? text)
    {
        try
        {
            if (ResourceChange.Text(text) is not { } values)
                return null;
            return values.TrimStart().StartsWith('{') ? JsonNode.Parse(values)
                : YamlObjects.Parse(values) is [var only] ? only
                : null;
        }
        catch (Exception exception)
            when (exception is PipelineException or JsonException or ArgumentException or InvalidCastException)
        {
            return null;
        }
    }
}
