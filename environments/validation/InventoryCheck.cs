using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation.Checks;

namespace InfraCdktf.Environments.Validation;

/// <summary>
/// The door: says everything that is wrong with an inventory, at once, before any construct exists. Pure: no clock, no file system, no
/// culture. The rules are in <c>checks/</c>, a file for each subject; what they say is in <see cref="ProblemCatalog"/>.
/// </summary>
public static class InventoryCheck
{
    /// <summary>All problems of the inventory, subject by subject; empty when it may be built.</summary>
    public static IReadOnlyList<Problem> Problems(PlatformSpec platform) =>
        [
            .. NameCheck.Problems(platform),
            .. ContactCheck.Problems(platform),
            .. AddressCheck.Problems(platform),
            .. ClusterCheck.Problems(platform),
            .. RegionCheck.Problems(platform),
            .. StorageCheck.Problems(platform),
            .. QuantityCheck.Problems(platform),
            .. CapacityCheck.Problems(platform),
            .. DataStoreCheck.Problems(platform),
            .. SecurityCheck.Problems(platform),
            .. OperationsCheck.Problems(platform),
            .. SegmentCheck.Problems(platform),
            .. OverrideCheck.Problems(platform),
        ];

    /// <summary>Returns the inventory when it may be built. Throws <see cref="InventoryException"/> with all problems when not.</summary>
    public static PlatformSpec Require(PlatformSpec platform) =>
        Problems(platform) is { Count: > 0 } problems ? throw new InventoryException(problems) : platform;
}
