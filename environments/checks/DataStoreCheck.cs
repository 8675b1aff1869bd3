using static System.FormattableString;
using static InfraCdktf.Environments.Checks.Quoting;
using Catalogue = InfraCdktf.Environments.Problems;

namespace InfraCdktf.Environments.Checks;

/// <summary>The managed databases: version, plan, nodes, maintenance, and whether anything can reach them. Their subnets are addresses.</summary>
internal static class DataStoreCheck
{
    public static IEnumerable<Problem> Problems(Platform platform) =>
        Place
            .Environments(platform)
            .Where(part => part.Environment.DataStore is not null)
            .SelectMany(part => DataStore(platform, part.Environment.DataStore!, $"{part.Place}.dataStore"));

    private static IEnumerable<Problem> DataStore(Platform platform, DataStore store, string place)
    {
        if (platform.Tier == ClusterTier.Standard)
            yield return Catalogue.PrivateDatabaseOnStandard.At(place, "a data store on the standard tier");
        if (store.PostgresVersion is < 15 or > 17)
            yield return Catalogue.PostgresVersion.At($"{place}.postgresVersion", Invariant($"{store.PostgresVersion}"));
        var isKnown = LinodeFacts.DatabasePlans.TryGetValue(store.Type, out var plan);
        if (!isKnown)
            yield return Catalogue.UnknownDatabasePlan.At($"{place}.type", Quote(store.Type));
        if (store.Nodes is < 1 or > 3 || (store.Nodes == 2 && isKnown && plan!.Class != "dedicated"))
            yield return Catalogue.DatabaseNodes.At($"{place}.nodes", Invariant($"{store.Nodes} on {Quote(store.Type)}"));
        if (store.MaintenanceDay is < 1 or > 7)
            yield return Catalogue.MaintenanceWindow.At($"{place}.maintenanceDay", Invariant($"{store.MaintenanceDay}"));
        if (store.MaintenanceHour is < 0 or > 23)
            yield return Catalogue.MaintenanceWindow.At($"{place}.maintenanceHour", Invariant($"{store.MaintenanceHour}"));
    }
}
