using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>Selects the inventory of the commands: the one of this repository, or another type that is named.</summary>
public static class InventoryChoice
{
    /// <summary>The inventory.</summary>
    /// <param name="type">The full name of a public type of this program with a static property <c>Platform</c>; null for <see
    /// cref="Inventory"/>. It is a type and not a file because an inventory is code: it is compiled and reviewed.</param>
    /// <exception cref="UsageException">No such type.</exception>
    public static PlatformSpec Platform(string? type)
    {
        if (string.IsNullOrEmpty(type))
            return Inventory.Platform;
        var property = typeof(Inventory).Assembly.GetType(type)?.GetProperty(nameof(Inventory.Platform));
        return property?.GetValue(null) as PlatformSpec
            ?? throw new UsageException(
                $"INFRACDKTF_INVENTORY: given {type}; allowed: the full name of a public type with a static property Platform, "
                    + $"such as {typeof(Inventory)}."
            );
    }
}
