using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Environments.Naming;

/// <summary>A name of a resource, derived from the inventory.</summary>
/// <param name="Kind">The kind of resource, with the length of its names.</param>
/// <param name="Path">The path of the inventory's value that it is derived from.</param>
/// <param name="Text">The name.</param>
public sealed record DerivedName(NameKind Kind, InventoryPath Path, string Text);
