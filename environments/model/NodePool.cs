namespace InfraCdktf.Environments.Model;

/// <summary>A pool of equal nodes. The cluster autoscaler sets the number of nodes.</summary>
public sealed record NodePool
{
    /// <summary>At most 15 characters: with 16 or more the nodes never join the cluster (lke-landing-zone).</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The Linode plan ("g6-dedicated-8"). A change replaces the pool, although Terraform's plan shows "updated in-place".
    /// </summary>
    public required string Type { get; init; }

    /// <summary>Fewest nodes, at least 1.</summary>
    public required int MinNodes { get; init; }

    /// <summary>Most nodes, at most 10.</summary>
    public required int MaxNodes { get; init; }

    /// <summary>Labels of its nodes, in addition to <c>pool</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } =
        new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Taints of its nodes: only pods that tolerate them run there.</summary>
    public IReadOnlyList<Taint> Taints { get; init; } = [];

    /// <summary>Whether the nodes' disks are encrypted. A change replaces the pool.</summary>
    public bool DiskEncryption { get; init; } = true;
}
