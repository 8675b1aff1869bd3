using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Environments.Model;

/// <summary>
/// The inventory: everything that is decided about the platform, in one immutable value. No Terraform type, no clock, no secret.
/// <see cref="InventoryCheck"/> says all that is wrong with one; the environment's own numbers are in <see cref="EnvironmentSpec"/>.
/// </summary>
public sealed record PlatformSpec
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
    public required SystemEnvironmentSpec System { get; init; }

    /// <summary>The most environments that application teams deploy to: as many as each isolation probe looks at, and its own.</summary>
    public const int MostApplications = 12;

    /// <summary>The environments that application teams deploy to; at most <see cref="MostApplications"/>.</summary>
    public required IReadOnlyList<ApplicationEnvironmentSpec> Applications { get; init; }

    /// <summary>
    /// The numbers that a port named "metrics" may have in an environment: what Prometheus may reach there. 9464 is OpenTelemetry's default
    /// (opentelemetry.io, Prometheus exporter).
    /// </summary>
    public IReadOnlyList<int> MetricsPorts { get; init; } = [9464];

    /// <summary>Recorded exceptions to the walls between environments, around the nodes and around the control plane.</summary>
    public IReadOnlyList<NetworkOverride> Overrides { get; init; } = [];

    /// <summary>All environments, the system's first.</summary>
    public IEnumerable<EnvironmentSpec> Environments => Applications.Prepend<EnvironmentSpec>(System);

    /// <summary>The node pool of an environment.</summary>
    public NodePool PoolOf(EnvironmentSpec environment) => Pools.First(pool => pool.Name == environment.Pool);
}
