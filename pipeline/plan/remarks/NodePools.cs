using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>
/// Node pools that are removed, replaced or swapped. Terraform shows all of it as "updated in-place". The provider compares the
/// pools by their position: it replaces a pool whose type or disk encryption changes, and deletes the last ones if there are
/// fewer (linode/terraform-provider-linode, linode/lke/cluster.go, ReconcileLKENodePoolSpecs; measured with 3.13.0).
/// </summary>
internal sealed class NodePools : IRemarkRule
{
    private static readonly string[] s_replacing = ["type", "disk_encryption"];

    /// <summary>True if Linode gives a pool of the change new nodes.</summary>
    public static bool Replaces(ResourceChange change) => Pairs(change).Any(pair => Replacing(pair.Before, pair.After).Any());

    /// <inheritdoc/>
    public IEnumerable<PlanRemark> Look(ResourceChange change)
    {
        if (change.Action == PlannedAction.Destroy && change.Type == "linode_lke_cluster")
            yield return new(RemarkKind.Destroys, "Linode deletes the cluster with all its nodes. Volumes stay, and are billed.");
        if (change.Action != PlannedAction.Change)
            yield break;
        foreach (var (name, before, after) in Pairs(change))
        {
            var differing = Replacing(before, after).ToList();
            if (differing.Count == 0)
                continue;
            var attributes = string.Join(" and ", differing.Select(word => word.Replace('_', ' ')));
            yield return new(
                RemarkKind.Destroys,
                $"Terraform shows a change in place, but Linode replaces all nodes of pool {name}: its {attributes} changes.",
                string.Join(
                    "; ",
                    differing.Select(word => $"{word} {PlanValue.Text(before[word])} → {PlanValue.Text(after[word])}")
                )
            );
            if (differing.Contains("disk_encryption") && ResourceChange.Text(after["disk_encryption"]) == "disabled")
                yield return new(RemarkKind.Security, $"The disks of the nodes of pool {name} are not encrypted any more.");
        }
        foreach (var remark in Positions(change))
            yield return remark;
    }

    private static IEnumerable<PlanRemark> Positions(ResourceChange change)
    {
        var (before, after) = (Labels(change.Before), Labels(change.After));
        foreach (var name in before.Except(after, StringComparer.Ordinal))
            yield return new(
                RemarkKind.Destroys,
                $"Node pool {name} is removed: its nodes are deleted, and their pods must fit on other pools."
            );
        var moved = before
            .Intersect(after, StringComparer.Ordinal)
            .Where(name => before.IndexOf(name) != after.IndexOf(name))
            .ToList();
        if (moved.Count > 0)
            yield return new(
                RemarkKind.Destroys,
                $"Node pools change their places in the list: {string.Join(", ", moved)}. A pool is the one at the same place: "
                    + "the existing nodes become those of another pool or are replaced. Only append pools."
            );
    }

    private static IEnumerable<(string Name, JsonObject Before, JsonObject After)> Pairs(ResourceChange change) =>
        change.Type switch
        {
            "linode_lke_node_pool" when change is { Before: { } before, After: { } after } => [(change.Name, before, after)],
            "linode_lke_cluster" => ResourceChange
                .Objects(change.Before?["pool"])
                .Zip(ResourceChange.Objects(change.After?["pool"]))
                .Select(pair => (ResourceChange.Text(pair.First["label"]) ?? "without a label", pair.First, pair.Second)),
            _ => [],
        };

    // A missing or unknown "after" is a value that Linode chooses; it is not a change of the code.
    private static IEnumerable<string> Replacing(JsonObject before, JsonObject after) =>
        s_replacing.Where(name =>
            after[name] is { } wanted && !PlanValue.IsMark(wanted) && !JsonNode.DeepEquals(before[name], wanted)
        );

    private static List<string> Labels(JsonObject? cluster) =>
        [.. ResourceChange.Objects(cluster?["pool"]).Select(pool => ResourceChange.Text(pool["label"])).OfType<string>()];
}
