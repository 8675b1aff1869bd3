using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>A change that Terraform applies without complaint and that nobody wants: the quota of an environment cut down to nothing, or a setting of it lost.</summary>
internal static class BadChange
{
    // The lists of plain texts in which one is spoiled; the first that the stack has.
    private static readonly (string Type, string[] Path)[] _places =
    [
        ("kubernetes_resource_quota_v1", ["spec", "hard"]),
        ("kubernetes_config_map_v1", ["data"]),
    ];

    /// <summary>True when the stack has something to spoil.</summary>
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
