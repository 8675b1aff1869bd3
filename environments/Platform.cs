namespace InfraCdktf.Environments;

/// <summary>
/// The inventory: everything that is decided about the platform, in one immutable value. No Terraform type, no clock, no secret.
/// <see cref="InventoryCheck"/> says all that is wrong with one; the environment's own numbers are in <see cref="Environment"/>.
/// </summary>
public sealed record Platform
{
    /// <summary>The project's name, first part of every name: a DNS-1123 label, short, because Linode's labels are (32 for a cluster).</summary>
    public required string Project { get; init; }

    /// <summary>The team that answers for the platform.</summary>
    public required string Owner { get; init; }

    /// <summary>Who is told.</summary>
    public required Contacts Contacts { get; init; }

    /// <summary>Where this repository is browsed (https, no trailing slash): alerts link to its runbooks.</summary>
    public required string Repository { get; init; }

    /// <summary>The Linode region ("us-ord").</summary>
    public required string Region { get; init; }

    /// <summary>The region that takes over after a disaster; another one, with the same capabilities.</summary>
    public required string StandbyRegion { get; init; }

    /// <summary>The DNS zone that the platform owns.</summary>
    public required string DnsZone { get; init; }

    /// <summary>The version pin: exact on enterprise ("v1.34.6+lke2"), major.minor on standard ("1.34"). At least 1.30.</summary>
    public required string KubernetesVersion { get; init; }

    /// <summary>The LKE tier; it decides where nodes sit, which CNI enforces policies and what is audited.</summary>
    public ClusterTier Tier { get; init; } = ClusterTier.Enterprise;

    /// <summary>More than one control-plane node. Enterprise always has it; on standard it costs extra and can never be turned off.</summary>
    public bool HighAvailability { get; init; } = true;

    /// <summary>Every address range of the platform.</summary>
    public required AddressPlan Addresses { get; init; }

    /// <summary>The node pools in the order in which Linode keeps them: order is significant, append only.</summary>
    public required IReadOnlyList<NodePool> Pools { get; init; }

    /// <summary>The only networks that reach the control plane. Enterprise demands at least one.</summary>
    public required IReadOnlyList<AllowedNetwork> ControlPlaneAccess { get; init; }

    /// <summary>Where Terraform's state lies.</summary>
    public required StateStorage State { get; init; }

    /// <summary>The environment of the platform's own shared services.</summary>
    public required Environment System { get; init; }

    /// <summary>The most environments that application teams deploy to: as many as each isolation probe looks at, and its own.</summary>
    public const int MostApplications = 12;

    /// <summary>The environments that application teams deploy to; at most <see cref="MostApplications"/>.</summary>
    public required IReadOnlyList<Environment> Applications { get; init; }

    /// <summary>
    /// The numbers that a port named "metrics" may have in an environment: what Prometheus may reach there. 9464 is OpenTelemetry's default
    /// (opentelemetry.io, Prometheus exporter).
    /// </summary>
    public IReadOnlyList<int> MetricsPorts { get; init; } = [9464];

    /// <summary>Recorded exceptions to the walls between environments, around the nodes and around the control plane.</summary>
    public IReadOnlyList<NetworkOverride> Overrides { get; init; } = [];

    /// <summary>All environments, the system's first.</summary>
    public IEnumerable<Environment> Environments => Applications.Prepend(System);
}

/// <summary>Who is told about the platform itself.</summary>
/// <param name="Team">E-mail address of the platform team; also the account e-mail of the certificate authority.</param>
/// <param name="Security">E-mail address for security findings.</param>
/// <param name="Channel">The platform's chat channel, with its leading '#'.</param>
public sealed record Contacts(string Team, string Security, string Channel);

/// <summary>LKE's tiers.</summary>
public enum ClusterTier
{
    /// <summary>Nodes in our VPC, Cilium, firewall on the pools, audit logs, private databases.</summary>
    Enterprise,

    /// <summary>The economy choice: Calico, nodes in no VPC (so no private database), a firewall controller in the cluster, no audit stream.</summary>
    Standard,
}

/// <summary>The private address ranges. The databases' subnets stand with their environment.</summary>
/// <param name="Vpc">The range that all subnets lie in (RFC 1918).</param>
/// <param name="Nodes">The nodes' subnet.</param>
public sealed record AddressPlan(Cidr Vpc, Cidr Nodes);

/// <summary>One pool of equal nodes, scaled by the cluster autoscaler.</summary>
public sealed record NodePool
{
    /// <summary>At most 15 characters: with 16 or more the nodes never join (reference: LKE).</summary>
    public required string Name { get; init; }

    /// <summary>The Linode plan ("g6-dedicated-8"). A change replaces the pool although the plan reads "updated in-place".</summary>
    public required string Type { get; init; }

    /// <summary>Fewest nodes, at least 1.</summary>
    public required int MinNodes { get; init; }

    /// <summary>Most nodes, at most 10 (002-k8s).</summary>
    public required int MaxNodes { get; init; }

    /// <summary>Labels of its nodes, beside <c>pool</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } =
        new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What keeps other workloads away.</summary>
    public IReadOnlyList<Taint> Taints { get; init; } = [];

    /// <summary>Whether the nodes' disks are encrypted. A change replaces the pool.</summary>
    public bool DiskEncryption { get; init; } = true;
}

/// <summary>A node taint.</summary>
/// <param name="Key">Key.</param>
/// <param name="Value">Value.</param>
/// <param name="Effect">NoSchedule, PreferNoSchedule or NoExecute.</param>
public sealed record Taint(string Key, string Value, string Effect);

/// <summary>A network outside that may reach something, with the reason why.</summary>
/// <param name="Name">A DNS-1123 label.</param>
/// <param name="Range">The range.</param>
/// <param name="Reason">Who is behind it, and why it must reach us.</param>
public sealed record AllowedNetwork(string Name, Cidr Range, string Reason);

/// <summary>The buckets of Terraform's state.</summary>
public sealed record StateStorage
{
    /// <summary>The live bucket, never versioned: on a versioned one Terraform's lock file does not lock (measured).</summary>
    public required string Bucket { get; init; }

    /// <summary>The archive bucket, with object lock; made by <c>state bootstrap</c> alone.</summary>
    public required string ArchiveBucket { get; init; }

    /// <summary>Object Storage endpoint host of type E2 or E3 in the platform's region: the region alone may land on E1.</summary>
    public required string Endpoint { get; init; }

    /// <summary>How many versions of each stack the archive keeps (NFR-009: 30).</summary>
    public int Versions { get; init; } = 30;

    /// <summary>How many days audit records are locked (FR-010: 90).</summary>
    public int AuditDays { get; init; } = 90;
}
