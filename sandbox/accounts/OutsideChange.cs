using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>A change outside Terraform, as a user of the cloud's console would make it.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Name">The object's label or name.</param>
/// <param name="Id">The object's id.</param>
/// <param name="Attribute">The attribute's path ("metadata.0.labels.team"); null if the object was deleted.</param>
/// <param name="Before">The value before, as JSON.</param>
/// <param name="After">The value after, as JSON; null if it was deleted.</param>
public sealed record OutsideChange(string Type, string Name, string Id, string? Attribute, string? Before, string? After)
{
    /// <summary>One line for display: `linode_vpc "core" tags: ["a"] -> ["a","outside-7"]`.</summary>
    public override string ToString() =>
        Attribute is null ? $"{Type} \"{Name}\" deleted" : $"{Type} \"{Name}\" {Attribute}: {Before} -> {After ?? "deleted"}";
}
