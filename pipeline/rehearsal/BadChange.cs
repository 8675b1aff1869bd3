using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>
/// A harmful change that Terraform applies without an error: an environment's quota reduced to almost nothing, or a setting lost.
/// </summary>
internal static class BadChange
{
    private const string Bad = "1";

    // The maps of plain texts in which one value is changed, in order.
    private static readonly (string Type, string[] Path)[] _places =
    [
        ("kubernetes_resource_quota_v1", ["spec", "hard"]),
        ("kubernetes_config_map_v1", ["data"]),
    ];

    /// <summary>True if the stack has a value that can be changed.</summary>
    public static bool IsPossible(StackDirectory stack) => Find(stack.Configuration) is not null;

    /// <summary>Why a stack has no drill, for people.</summary>
    public static string Missing(string stack) => $"{stack} has no quota and no ConfigMap that a bad change could reduce";

    /// <summary>Writes a copy of the stack with the change into an existing directory.</summary>
    public static StackDirectory Write(StackDirectory stack, string directory)
    {
        var copy = stack.CopyTo(directory);
        var (texts, key) = Find(copy.Configuration)!.Value;
        texts[key] = Bad;
        File.WriteAllText(Path.Combine(directory, StackDirectory.FileName), copy.Configuration.ToJsonString());
        return copy;
    }

    // A value that is 0 or 1 already (the quotas of namespaces without pods) is no reduction.
    private static (JsonObject Texts, string Key)? Find(JsonObject configuration)
    {
        foreach (var (type, path) in _places)
        foreach (var (_, resource) in configuration["resource"]?[type]?.AsObject() ?? [])
        {
            if (path.Aggregate(resource, (node, step) => node?[step]) is not JsonObject texts)
                continue;
            foreach (var (key, value) in texts)
                if (value?.ToString() is not (null or "0" or Bad))
                    return (texts, key);
        }
        return null;
    }
}
