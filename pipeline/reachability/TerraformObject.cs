using System.Globalization;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// The Kubernetes object that Terraform's Kubernetes provider creates for a network policy, a role or a binding: blocks become
/// objects and lists, names have the spelling of Kubernetes, and values that the provider treats as unset ("", 0, an empty list)
/// are left out.
/// </summary>
internal static class TerraformObject
{
    /// <summary>Blocks that occur at most once; Terraform writes them as an object or as a list with one item.</summary>
    private static readonly string[] s_single =
    [
        "metadata",
        "spec",
        "pod_selector",
        "namespace_selector",
        "ip_block",
        "role_ref",
    ];

    private static readonly string[] s_lists =
    [
        "ingress",
        "egress",
        "from",
        "to",
        "ports",
        "match_expressions",
        "rule",
        "subject",
    ];

    /// <summary>Repeated blocks with a singular name, for which Kubernetes has a list with the plural name.</summary>
    private static readonly string[] s_plural = ["rule", "subject"];

    /// <summary>Maps whose keys are data, not names of fields.</summary>
    private static readonly string[] s_maps = ["labels", "annotations", "match_labels"];

    /// <summary>Arguments of Terraform itself, which do not change the object.</summary>
    private static readonly string[] s_meta = ["//", "depends_on", "lifecycle", "provider"];

    /// <summary>Translates a resource's body.</summary>
    public static JsonObject ToKubernetes(JsonObject body, string apiVersion, string kind)
    {
        var result = Object(body.Where(field => !s_meta.Contains(field.Key)));
        result["apiVersion"] = apiVersion;
        result["kind"] = kind;
        return result;
    }

    private static JsonObject Object(IEnumerable<KeyValuePair<string, JsonNode?>> block)
    {
        var result = new JsonObject();
        foreach (var (name, value) in block)
        {
            if (Value(name, value) is { } translated)
                result[s_plural.Contains(name) ? $"{name}s" : Camel(name)] = translated;
        }
        return result;
    }

    private static JsonNode? Value(string name, JsonNode? value) =>
        value switch
        {
            null => null,
            _ when s_maps.Contains(name) => value.DeepClone(),
            JsonArray { Count: 0 } => null,
            // An empty block is kept: it selects everything.
            JsonArray and [var only] when s_single.Contains(name) => Object(only as JsonObject ?? []),
            JsonArray list when s_lists.Contains(name) => new JsonArray([
                .. list.Select(item => (JsonNode)Object(item as JsonObject ?? [])),
            ]),
            JsonObject block when s_lists.Contains(name) => new JsonArray(Object(block)),
            JsonObject block => Object(block),
            JsonValue one when one.TryGetValue(out string? text) && text.Length == 0 => null,
            JsonValue one when name == "end_port" && one.TryGetValue(out int end) && end == 0 => null,
            // The provider reads a text that is a number as a number (intstr.Parse).
            JsonValue one
                when name == "port"
                    && one.TryGetValue(out string? port)
                    && int.TryParse(port, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ => value.DeepClone(),
        };

    private static string Camel(string name)
    {
        var words = name.Split('_');
        return string.Concat(
            words.Select((word, index) => index == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..])
        );
    }
}
