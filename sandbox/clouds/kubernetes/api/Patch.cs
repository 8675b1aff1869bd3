using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The patches that kubectl sends: JSON merge patch (RFC 7386) and strategic merge patch, which merges some lists by a key.
/// </summary>
internal static class Patch
{
    /// <summary>
    /// Lists that are merged element by element, with the key that identifies an element (patchMergeKey in k8s.io/api).
    /// </summary>
    private static readonly Dictionary<string, string> _keys = new()
    {
        ["conditions"] = "type",
        ["containers"] = "name",
        ["env"] = "name",
        ["imagePullSecrets"] = "name",
        ["initContainers"] = "name",
        ["ownerReferences"] = "uid",
        ["secrets"] = "name",
        ["taints"] = "key",
        ["topologySpreadConstraints"] = "topologyKey",
        ["volumeMounts"] = "mountPath",
        ["volumes"] = "name",
    };

    /// <summary>The object after the patch.</summary>
    /// <exception cref="ApiException">The kind of patch is not supported.</exception>
    public static JsonObject Apply(string contentType, JsonObject target, JsonNode patch) =>
        (contentType.Split(';')[0], patch) switch
        {
            ("application/merge-patch+json", JsonObject change) => Merge(target, change, strategic: false),
            ("application/strategic-merge-patch+json", JsonObject change) => Merge(target, change, strategic: true),
            _ => throw new ApiException(
                415,
                "UnsupportedMediaType",
                $"patch type: {contentType}; allowed: merge and strategic merge patches"
            ),
        };

    /// <summary>True for the content type of server-side apply.</summary>
    public static bool IsApply(string? contentType) => contentType?.Split(';')[0] == "application/apply-patch+yaml";

    /// <summary>The object after a server-side apply: each given field, and lists as a whole.</summary>
    public static JsonObject Applied(JsonObject target, JsonObject given) => Merge(target, given, strategic: false);

    private static JsonObject Merge(JsonObject target, JsonObject change, bool strategic)
    {
        var merged = target.DeepClone().AsObject();
        foreach (var (name, value) in change)
        {
            if (strategic && name.StartsWith('$'))
                continue; // $setElementOrder and similar directives affect only the order
            if (value is null)
                merged.Remove(name);
            else if (value is JsonObject inner)
                merged[name] = Merge(merged[name] as JsonObject ?? [], inner, strategic);
            else if (
                strategic
                && value is JsonArray list
                && _keys.TryGetValue(name, out var key)
                && list.All(e => e is JsonObject)
            )
                merged[name] = MergeList(merged[name] as JsonArray ?? [], list, key);
            else
                merged[name] = value.DeepClone();
        }
        return merged;
    }

    private static JsonArray MergeList(JsonArray target, JsonArray change, string key)
    {
        var merged = target.Select(element => element!.DeepClone().AsObject()).ToList();
        foreach (var element in change.Select(element => element!.AsObject()))
        {
            var at = merged.FindIndex(other => JsonNode.DeepEquals(other[key], element[key]));
            if ((string?)element["$patch"] == "delete")
                merged.RemoveAll(other => JsonNode.DeepEquals(other[key], element[key]));
            else if (at < 0)
                merged.Add(Merge([], element, strategic: true));
            else
                merged[at] = Merge(merged[at], element, strategic: true);
        }
        return new JsonArray([.. merged]);
    }
}
