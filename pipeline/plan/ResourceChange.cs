using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>One object of a plan with its values before and after, without secrets.</summary>
/// <param name="Address">Its address; of an object inside a Helm release "NetworkPolicy system/allow-dns".</param>
/// <param name="Type">Its Terraform type; the kind of an object inside a Helm release.</param>
/// <param name="Action">The planned action.</param>
/// <param name="Before">The value before; null if there is none.</param>
/// <param name="After">The value after; null if there is none.</param>
internal sealed record ResourceChange(string Address, string Type, PlannedAction Action, JsonObject? Before, JsonObject? After)
{
    /// <summary>The kind of the Kubernetes object; null for an object of another provider.</summary>
    public string? Kind =>
        Type.StartsWith("kubernetes_", StringComparison.Ordinal)
            ? string.Concat(
                Type["kubernetes_".Length..]
                    .Split('_')
                    .Where(word => word is not "v1")
                    .Select(word => char.ToUpperInvariant(word[0]) + word[1..])
            )
        : Type.Contains('_', StringComparison.Ordinal) ? null
        : Type;

    /// <summary>The name of the object: of a Kubernetes object "staging/quota"; otherwise its label, name or domain.</summary>
    public string Name
    {
        get
        {
            var values = After ?? Before;
            var metadata = Single(values?["metadata"]);
            var name = Text(metadata?["name"]) ?? Text(values?["label"]) ?? Text(values?["name"]) ?? Text(values?["domain"]);
            return Text(metadata?["namespace"]) is { } space && name is not null ? $"{space}/{name}" : name ?? Address;
        }
    }

    /// <summary>A block that occurs once: Terraform's JSON shows it as a list with one item.</summary>
    public static JsonObject? Single(JsonNode? block) => (block is JsonArray { Count: 1 } list ? list[0] : block) as JsonObject;

    /// <summary>A value that is a text or a number; null for everything else.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value ? value.ToString() : null;

    /// <summary>The items of a list; none of everything else.</summary>
    public static IReadOnlyList<JsonObject> Objects(JsonNode? list) =>
        [.. (list as JsonArray ?? []).OfType<JsonObject>().Where(item => !PlanValue.IsMark(item))];

    /// <summary>The texts of a list; none of everything else.</summary>
    public static IReadOnlyList<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(Text).OfType<string>()];
}
