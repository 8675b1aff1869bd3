using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>Which inventory the commands work on: this repository's, or another that stands beside it in code and is named.</summary>
public static class InventoryChoice
{
    /// <summary>The inventory.</summary>
    /// <param name="type">The full name of a public type of this program with a static property <c>Platform</c>; null for
    /// <see cref="Inventory"/>. A type rather than a file: an inventory is code, and is compiled and reviewed as the first one is.</param>
    /// <exception cref="UsageException">There is no such type.</exception>
    public static PlatformSpec Platform(string? type)
    {
        if (string.IsNullOrEmpty(type))
            return Inventory.Platform;
        var property = typeof(Inventory).Assembly.GetType(type)?.GetProperty(nameof(Inventory.Platform));
        return property?.GetValue(null) as PlatformSpec
            ?? throw new UsageException(
                $"INFRACDKTF_INVENTORY is {type}: no public type of that full name has a static property Platform. Allowed is one such as {typeof(Inventory)}."
            );
    }
}
