using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>
/// A database that is removed, or that gets other nodes or another version. The provider resizes for a new type or number of
/// nodes, and upgrades for a new version (linode/terraform-provider-linode, linode/databasepostgresqlv2/framework_resource.go).
/// </summary>
internal sealed class Databases : IRemarkRule
{
    /// <inheritdoc/>
    public IEnumerable<PlanRemark> Look(ResourceChange change)
    {
        if (!change.Type.StartsWith("linode_database_", StringComparison.Ordinal))
            yield break;
        if (change.Action is PlannedAction.Destroy or PlannedAction.Replace)
            yield return new(RemarkKind.Destroys, $"Linode deletes the database {change.Name} with its data and its backups.");
        if (change is not { Before: { } before, After: { } after } || change.Action == PlannedAction.Replace)
            yield break;
        if (Number(before["cluster_size"]) is { } was && Number(after["cluster_size"]) is { } wanted && was != wanted)
            yield return new(
                RemarkKind.Fact,
                wanted == 1
                        ? $"The database {change.Name} gets a single node: if it fails or is maintained, there is no other one."
                    : wanted < was ? $"The database {change.Name} gets fewer nodes. Linode resizes it."
                    : $"The database {change.Name} gets more nodes. Linode resizes it.",
                $"{was} → {wanted}"
            );
        if (Differs(before, after, "type", out var type))
            yield return new(
                RemarkKind.Fact,
                $"The nodes of the database {change.Name} get another size. Linode resizes it.",
                type
            );
        if (Differs(before, after, "engine_id", out var version))
            yield return new(
                RemarkKind.Fact,
                $"Linode upgrades the database {change.Name} to another version. A rollback of the configuration does not take "
                    + "it back.",
                version
            );
    }

    private static int? Number(JsonNode? node) =>
        int.TryParse(ResourceChange.Text(node), System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static bool Differs(JsonObject before, JsonObject after, string name, out string values)
    {
        var (was, wanted) = (ResourceChange.Text(before[name]), ResourceChange.Text(after[name]));
        values = $"{was} → {wanted}";
        return was is not null && wanted is not null && was != wanted;
    }
}
