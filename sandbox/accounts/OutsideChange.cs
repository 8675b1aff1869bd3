using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>What somebody changed in the cloud's console.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Name">The object's label or name.</param>
/// <param name="Id">The object's id.</param>
/// <param name="Attribute">The attribute's place ("metadata.0.labels.team"), null when the object was deleted.</param>
/// <param name="Before">The value before, as JSON.</param>
/// <param name="After">The value after, null when it was deleted.</param>
public sealed record OutsideChange(string Type, string Name, string Id, string? Attribute, string? Before, string? After)
{
    /// <summary>One line for people: `linode_vpc "core" tags: ["a"] -> ["a","outside-7"]`.</summary>
    public override string ToString() =>
        Attribute is null ? $"{Type} \"{Name}\" deleted" : $"{Type} \"{Name}\" {Attribute}: {Before} -> {After ?? "deleted"}";
}
