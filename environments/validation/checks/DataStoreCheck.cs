using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>The managed databases: version, plan, nodes, maintenance, and whether anything can reach them. Their subnets are addresses.</summary>
internal static class DataStoreCheck
{
    public static IEnumerable<Problem> Problems(PlatformSpec platform) =>
        InventoryPath
            .Environments(platform)
            .Where(part => part.Environment.DataStore is not null)
            .SelectMany(part => DataStore(platform, part.Environment.DataStore!, $"{part.Place}.dataStore"));

    private static IEnumerable<Problem> DataStore(PlatformSpec platform, DataStore store, string place)
    {
        if (platform.Tier == ClusterTier.Standard)
            yield return ProblemCatalog.PrivateDatabaseOnStandard.At(place, "a data store on the standard tier");
        if (store.PostgresVersion is < 15 or > 17)
            yield return ProblemCatalog.PostgresVersion.At($"{place}.postgresVersion", Invariant($"{store.PostgresVersion}"));
        var isKnown = LinodeFacts.DatabasePlans.TryGetValue(store.Type, out var plan);
        if (!isKnown)
            yield return ProblemCatalog.UnknownDatabasePlan.At($"{place}.type", Quote(store.Type));
        if (store.Nodes is < 1 or > 3 || (store.Nodes == 2 && isKnown && plan!.Class != "dedicated"))
            yield return ProblemCatalog.DatabaseNodes.At($"{place}.nodes", Invariant($"{store.Nodes} on {Quote(store.Type)}"));
        if (store.MaintenanceDay is < 1 or > 7)
            yield return ProblemCatalog.MaintenanceWindow.At($"{place}.maintenanceDay", Invariant($"{store.MaintenanceDay}"));
        if (store.MaintenanceHour is < 0 or > 23)
            yield return ProblemCatalog.MaintenanceWindow.At($"{place}.maintenanceHour", Invariant($"{store.MaintenanceHour}"));
    }
}
