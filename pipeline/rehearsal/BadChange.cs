using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>
/// A harmful change that Terraform applies without an error: an environment's quota reduced to almost nothing, or a setting lost.
/// </summary>
internal static class BadChange
{
    // The maps of plain texts in which one value is changed; the first map that the stack has is used.
    private static readonly (string Type, string[] Path)[] _places =
    [
        ("kubernetes_resource_quota_v1", ["spec", "hard"]),
        ("kubernetes_config_map_v1", ["data"]),
    ];

    /// <summary>True if the stack has such a map.</summary>
    public static bool IsPossible(StackDirectory stack) => Texts(stack.Configuration) is not null;

    /// <summary>Writes a copy of the stack with the change into an existing directory.</summary>
    public static StackDirectory Write(StackDirectory stack, string directory)
    {
        var copy = stack.CopyTo(directory);
        var texts = Texts(copy.Configuration)!;
        texts[texts.First().Key] = "1";
        File.WriteAllText(Path.Combine(directory, StackDirectory.FileName), copy.Configuration.ToJsonString());
        return copy;
    }

    private static JsonObject? Texts(JsonObject configuration) =>
        _places
            .SelectMany(place =>
                (configuration["resource"]?[place.Type]?.AsObject() ?? []).Select(resource =>
                    place.Path.Aggregate(resource.Value, (node, step) => node?[step]) as JsonObject
                )
            )
            .FirstOrDefault(texts => texts?.Count > 0);
}
