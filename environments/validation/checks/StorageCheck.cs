using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>Object storage of the state: its endpoint, the number of kept versions, and the lock of audit records.</summary>
internal static class StorageCheck
{
    private const int FewestVersions = 30;
    private const int FewestAuditDays = 90;

    /// <summary>Ten years. A locked record cannot be removed earlier, so a number with a digit too many is refused.</summary>
    private const int MostAuditDays = 3650;

    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory)
    {
        var state = inventory.Of(platform => platform.State);
        var endpoint = state.Of(one => one.Endpoint);
        var region = inventory.Value.Region;
        if (LinodeFacts.Regions.TryGetValue(region, out var known) && !Hosts(known).Contains(endpoint.Value))
            yield return ProblemCatalog.StateEndpoint.At(
                endpoint.Path,
                Quote(endpoint.Value),
                string.Join(" or ", Hosts(known).DefaultIfEmpty($"none is known in {region}: choose another region"))
            );
        if (state.Value.Versions < FewestVersions)
            yield return ProblemCatalog.StateVersions.At(
                state.Of(one => one.Versions).Path,
                Invariant($"{state.Value.Versions}")
            );
        if (state.Value.AuditDays is < FewestAuditDays or > MostAuditDays)
            yield return ProblemCatalog.AuditDays.At(state.Of(one => one.AuditDays).Path, Invariant($"{state.Value.AuditDays}"));
    }

    private static IEnumerable<string> Hosts(Region region) =>
        region.Endpoints.Where(endpoint => endpoint.Type is "E2" or "E3").Select(endpoint => endpoint.Host);
}
