using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation.Checks;

namespace InfraCdktf.Environments.Validation;

/// <summary>
/// Lists every problem of an inventory before any construct exists. Pure: it reads no clock, no file system and no culture. The
/// rules are in <c>checks/</c>, one file for each subject; their texts are in <see cref="ProblemCatalog"/>.
/// </summary>
public static class InventoryCheck
{
    /// <summary>All problems of the inventory, subject by subject; empty if the inventory is valid.</summary>
    public static IReadOnlyList<Problem> Problems(PlatformSpec platform) => Problems(platform, SharedServiceNeeds.None);

    /// <summary>The same, with the capacity and the Secrets for the shared services.</summary>
    /// <param name="platform">The inventory.</param>
    /// <param name="services">The needs of the shared services.</param>
    public static IReadOnlyList<Problem> Problems(PlatformSpec platform, SharedServiceNeeds services)
    {
        var inventory = InventoryValue.Of(platform);
        return
        [
            .. NameCheck.Problems(inventory),
            .. ContactCheck.Problems(inventory),
            .. AddressCheck.Problems(inventory),
            .. ClusterCheck.Problems(inventory),
            .. RegionCheck.Problems(inventory),
            .. StorageCheck.Problems(inventory),
            .. QuantityCheck.Problems(inventory),
            .. CapacityCheck.Problems(inventory),
            .. SharedServicesCheck.Problems(inventory, services.Workloads),
            .. DataStoreCheck.Problems(inventory),
            .. SecurityCheck.Problems(inventory, services.Secrets),
            .. OperationsCheck.Problems(inventory),
            .. SegmentCheck.Problems(inventory),
            .. OverrideCheck.Problems(inventory, services.FirewallRules),
        ];
    }

    /// <summary>Returns the inventory if it is valid.</summary>
    /// <exception cref="InventoryException">The inventory has problems; the exception lists all of them.</exception>
    public static PlatformSpec Require(PlatformSpec platform) => Require(platform, SharedServiceNeeds.None);

    /// <summary>The same, with the capacity and the Secrets for the shared services.</summary>
    /// <param name="platform">The inventory.</param>
    /// <param name="services">The needs of the shared services.</param>
    /// <exception cref="InventoryException">The inventory has problems; the exception lists all of them.</exception>
    public static PlatformSpec Require(PlatformSpec platform, SharedServiceNeeds services) =>
        Problems(platform, services) is { Count: > 0 } problems ? throw new InventoryException(problems) : platform;
}
