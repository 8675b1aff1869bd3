namespace InfraCdktf.Environments.Naming;

/// <summary>A kind of resource, and the length of the names that Linode or Kubernetes accepts for it.</summary>
/// <param name="Title">The kind, in words.</param>
/// <param name="MinLength">Fewest characters.</param>
/// <param name="MaxLength">Most characters.</param>
public sealed record NameKind(string Title, int MinLength, int MaxLength)
{
    /// <summary>1-64 characters, no two hyphens in a row (OpenAPI, POST /vpcs).</summary>
    public static NameKind Vpc { get; } = new("VPC label", 1, 64);

    /// <summary>The same as for a VPC.</summary>
    public static NameKind Subnet { get; } = new("subnet label", 1, 64);

    /// <summary>3-32 (linode/manager, kubernetes.schema.ts).</summary>
    public static NameKind Cluster { get; } = new("cluster label", 3, 32);

    /// <summary>1-15: with 16 or more the nodes never join the cluster (lke-landing-zone).</summary>
    public static NameKind Pool { get; } = new("pool label", 1, 15);

    /// <summary>1-63 (Kubernetes).</summary>
    public static NameKind Namespace { get; } = new("namespace", 1, 63);

    /// <summary>3-50 (linode/manager, tags of any resource).</summary>
    public static NameKind Tag { get; } = new("Linode tag", 3, 50);

    /// <summary>3-32 (the provider's validators).</summary>
    public static NameKind Firewall { get; } = new("firewall label", 3, 32);

    /// <summary>3-32 (OpenAPI, rules of a firewall).</summary>
    public static NameKind FirewallRule { get; } = new("firewall rule label", 3, 32);

    /// <summary>3-32 (linode/manager, databases.schema.ts).</summary>
    public static NameKind Database { get; } = new("database label", 3, 32);

    /// <summary>1-40 (Grafana, the uid of a dashboard).</summary>
    public static NameKind Dashboard { get; } = new("dashboard uid", 1, 40);

    /// <summary>3-63 (S3).</summary>
    public static NameKind Bucket { get; } = new("bucket name", 3, 63);

    /// <summary>3-50 (linode/manager, objectStorageKeys.schema.ts).</summary>
    public static NameKind Key { get; } = new("label of an object-storage key", 3, 50);
}
