using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>Something that is in two states and not the same in both.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Attributes">The names of what differs: never values, and no names inside maps, which may tell as much.</param>
public sealed record ChangedObject(string Address, IReadOnlyList<string> Attributes);

/// <summary>What differs between two states: addresses and names.</summary>
/// <param name="Added">In the second alone.</param>
/// <param name="Removed">In the first alone.</param>
/// <param name="Changed">In both, with other attributes.</param>
/// <param name="Outputs">Names of outputs that differ.</param>
public sealed record StateDifference(
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Removed,
    IReadOnlyList<ChangedObject> Changed,
    IReadOnlyList<string> Outputs
)
{
    /// <summary>True when nothing differs.</summary>
    public bool IsEmpty => Added.Count + Removed.Count + Changed.Count + Outputs.Count == 0;

    /// <summary>Compares.</summary>
    public static StateDifference Between(StateFile before, StateFile after)
    {
        var first = before.Objects.ToDictionary(item => item.Address, StringComparer.Ordinal);
        var second = after.Objects.ToDictionary(item => item.Address, StringComparer.Ordinal);
        return new(
            [.. second.Keys.Except(first.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            [.. first.Keys.Except(second.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            [
                .. first
                    .Keys.Intersect(second.Keys, StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .Select(address => new ChangedObject(
                        address,
                        Differing(first[address].Attributes, second[address].Attributes)
                    ))
                    .Where(changed => changed.Attributes.Count > 0),
            ],
            Differing(before.Outputs, after.Outputs)
        );
    }

    private static IReadOnlyList<string> Differing(JsonObject before, JsonObject after) =>
        [
            .. before
                .Select(member => member.Key)
                .Union(after.Select(member => member.Key), StringComparer.Ordinal)
                .Where(name =>
                    before.ContainsKey(name) != after.ContainsKey(name) || !JsonNode.DeepEquals(before[name], after[name])
                )
                .Order(StringComparer.Ordinal),
        ];
}
