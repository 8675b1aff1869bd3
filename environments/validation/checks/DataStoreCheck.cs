using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>
/// The managed databases: version, plan, nodes, maintenance window, tier. <see cref="AddressCheck"/> checks their subnets.
/// </summary>
internal static class DataStoreCheck
{
    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory) =>
        inventory
            .Applications()
            .SelectMany(environment => environment.Optional(spec => spec.DataStore))
            .SelectMany(store => DataStore(store, inventory.Value.Tier));

    private static IEnumerable<Problem> DataStore(InventoryValue<DataStore> store, ClusterTier tier)
    {
        var spec = store.Value;
        if (tier == ClusterTier.Standard)
            yield return ProblemCatalog.PrivateDatabaseOnStandard.At(store.Path, "a data store on the standard tier");
        if (spec.PostgresVersion is < 15 or > 17)
            yield return ProblemCatalog.PostgresVersion.At(
                store.Of(one => one.PostgresVersion).Path,
                Invariant($"{spec.PostgresVersion}")
            );
        var isKnown = LinodeFacts.DatabasePlans.TryGetValue(spec.Type, out var plan);
        if (!isKnown)
            yield return ProblemCatalog.UnknownDatabasePlan.At(store.Of(one => one.Type).Path, Quote(spec.Type));
        if (spec.Nodes is < 1 or > 3 || (spec.Nodes == 2 && isKnown && plan!.Class != "dedicated"))
            yield return ProblemCatalog.DatabaseNodes.At(
                store.Of(one => one.Nodes).Path,
                Invariant($"{spec.Nodes} on {Quote(spec.Type)}")
            );
        if (spec.MaintenanceDay is < 1 or > 7)
            yield return ProblemCatalog.MaintenanceWindow.At(
                store.Of(one => one.MaintenanceDay).Path,
                Invariant($"{spec.MaintenanceDay}")
            );
        if (spec.MaintenanceHour is < 0 or > 23)
            yield return ProblemCatalog.MaintenanceWindow.At(
                store.Of(one => one.MaintenanceHour).Path,
                Invariant($"{spec.MaintenanceHour}")
            );
    }
}
