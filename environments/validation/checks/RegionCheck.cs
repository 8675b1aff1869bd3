using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>The regions: that they exist, differ, and offer what the inventory asks for.</summary>
internal static class RegionCheck
{
    public static IEnumerable<Problem> Problems(PlatformSpec platform) =>
        [
            .. Region(platform, platform.Region, "region"),
            .. Region(platform, platform.StandbyRegion, "standbyRegion"),
            .. platform.Region == platform.StandbyRegion
                ?
                [
                    ProblemCatalog.SameStandby.At(
                        "standbyRegion",
                        Quote(platform.StandbyRegion),
                        $"another region than {platform.Region}"
                    ),
                ]
                : Array.Empty<Problem>(),
        ];

    private static IEnumerable<Problem> Region(PlatformSpec platform, string id, string place)
    {
        if (!LinodeFacts.Regions.TryGetValue(id, out var region))
            return [ProblemCatalog.UnknownRegion.At(place, Quote(id))];
        var missing = Needed(platform).Except(region.Capabilities, StringComparer.Ordinal).ToList();
        return missing.Count == 0
            ? []
            :
            [
                ProblemCatalog.MissingCapability.At(
                    place,
                    $"{Quote(id)}, which lacks {string.Join(", ", missing)}",
                    $"a region with {string.Join(", ", Needed(platform))}"
                ),
            ];
    }

    /// <summary>In the words of GET /regions, which are matched exactly.</summary>
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
        if (platform.Environments.Any(environment => environment.DataStore is not null))
            yield return "Managed Databases";
    }
}
