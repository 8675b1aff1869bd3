using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>Object storage: where the state lies, how long it and the audit records are kept, when objects expire.</summary>
internal static class StorageCheck
{
    /// <summary>NFR-009.</summary>
    private const int FewestVersions = 30;

    /// <summary>FR-010.</summary>
    private const int FewestAuditDays = 90;

    public static IEnumerable<Problem> Problems(PlatformSpec platform)
    {
        if (LinodeFacts.Regions.TryGetValue(platform.Region, out var region) && !Hosts(region).Contains(platform.State.Endpoint))
            yield return ProblemCatalog.StateEndpoint.At(
                "state.endpoint",
                Quote(platform.State.Endpoint),
                string.Join(" or ", Hosts(region).DefaultIfEmpty($"none is known in {platform.Region}: choose another region"))
            );
        if (platform.State.Versions < FewestVersions)
            yield return ProblemCatalog.StateVersions.At("state.versions", Invariant($"{platform.State.Versions}"));
        if (platform.State.AuditDays < FewestAuditDays)
            yield return ProblemCatalog.AuditDays.At("state.auditDays", Invariant($"{platform.State.AuditDays}"));
        foreach (var (environment, place) in InventoryPath.Environments(platform))
        foreach (var bucket in environment.Buckets.Where(bucket => bucket.ExpireAfterDays < 0))
            yield return ProblemCatalog.BucketExpiry.At(
                $"{place}.buckets[{bucket.Purpose}].expireAfterDays",
                Invariant($"{bucket.ExpireAfterDays}")
            );
    }

    private static IEnumerable<string> Hosts(Region region) =>
        region.Endpoints.Where(endpoint => endpoint.Type is "E2" or "E3").Select(endpoint => endpoint.Host);
}
