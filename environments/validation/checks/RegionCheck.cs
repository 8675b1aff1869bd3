using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>The region: whether it exists, and has the capabilities that the inventory needs.</summary>
internal static class RegionCheck
{
    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory)
    {
        var id = inventory.Of(platform => platform.Region);
        if (!LinodeFacts.Regions.TryGetValue(id.Value, out var region))
            return [ProblemCatalog.UnknownRegion.At(id.Path, Quote(id.Value))];
        var needed = Needed(inventory.Value).ToList();
        var missing = needed.Except(region.Capabilities, StringComparer.Ordinal).ToList();
        return missing.Count == 0
            ? []
            :
            [
                ProblemCatalog.MissingCapability.At(
                    id.Path,
                    $"{Quote(id.Value)}, which lacks {string.Join(", ", missing)}",
                    $"a region with {string.Join(", ", needed)}"
                ),
            ];
    }

    /// <summary>Capabilities as GET /regions spells them; the comparison is exact.</summary>
    private static IEnumerable<string> Needed(PlatformSpec platform)
    {
        yield return "Kubernetes";
        yield return "NodeBalancers";
        yield return "Cloud Firewall";
        yield return "Object Storage";
        yield return "Block Storage";
        yield return "Block Storage Encryption";
        if (platform.Tier == ClusterTier.Enterprise)
        {
            yield return "Kubernetes Enterprise";
            yield return "VPCs";
            yield return "VPC Dual Stack";
        }
        if (platform.Pools.Any(pool => pool.DiskEncryption))
            yield return "Disk Encryption";
        if (platform.Applications.Any(environment => environment.DataStore is not null))
            yield return "Managed Databases";
    }
}
