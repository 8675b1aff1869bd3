using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>
/// The shipped platform, read from the snapshots. <see cref="InfraCdktf.Tests.Stacks.SnapshotTests"/> checks the snapshots.
/// </summary>
internal static class ShippedPolicies
{
    public static IReadOnlyDictionary<string, JsonObject> Stacks() =>
        Directory
            .GetFiles(Repository.PathOf("tests", "snapshots"), "*.json")
            .ToDictionary(
                file => Path.GetFileNameWithoutExtension(file)!,
                file => Folded(JsonNode.Parse(File.ReadAllText(file)))!.AsObject()
            );

    public static Cluster Cluster() => SynthesizedCluster.Parse(Stacks());

    /// <summary>The snapshots show text that contains JSON as an object under "(json)"; this restores the text.</summary>
    private static JsonNode? Folded(JsonNode? node) =>
        node switch
        {
            JsonObject fields when fields["(json)"] is { } text => text.ToJsonString(),
            JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Folded(field.Value)))),
            JsonArray items => new JsonArray([.. items.Select(Folded)]),
            _ => node?.DeepClone(),
        };
}
