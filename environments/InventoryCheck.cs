namespace InfraCdktf.Environments;

/// <summary>The door: says everything that is wrong with an inventory, at once, before any construct exists.</summary>
public static class InventoryCheck
{
    /// <summary>All problems of the inventory, in the order of its parts; empty when it may be built.</summary>
    public static IReadOnlyList<Problem> Problems(Platform platform) => [];
}
