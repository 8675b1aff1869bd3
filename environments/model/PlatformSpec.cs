using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Environments.Model;

/// <summary>
/// The inventory: every decision about the platform, in one immutable value without a Terraform type, a clock or a secret.
/// <see cref="InventoryCheck"/> lists the problems of an inventory; the values of one environment are in
/// <see cref="EnvironmentSpec"/>.
/// </summary>
public sealed record PlatformSpec
{
    /// <summary>
    /// The project's name, the first part of every derived name: a short DNS-1123 label, because Linode limits labels (32
    /// characters for a cluster).
    /// </summary>
    public required string Project { get; init; }

    /// <summary>The team that is responsible for the platform.</summary>
    public required string Owner { get; init; }

    /// <summary>The contacts of this team.</summary>
    public required Contacts Contacts { get; init; }

    /// <summary>The web address of this repository (https, no trailing slash): alerts link to its runbooks.</summary>
    public required string Repository { get; init; }

    /// <summary>The Linode region ("us-ord").</summary>
    public required string Region { get; init; }

    /// <summary>The DNS zone that the platform owns.</summary>
    public required string DnsZone { get; init; }

    /// <summary>The version pin: exact on enterprise ("v1.34.6+lke2"), major.minor on standard ("1.34"). At least 1.30.</summary>
    public required string KubernetesVersion { get; init; }

    /// <summary>
    /// The LKE tier. It determines the network of the nodes, the CNI that enforces policies, and the audit logs.
    /// </summary>
    public ClusterTier Tier { get; init; } = ClusterTier.Enterprise;

    /// <summary>
    /// More than one control-plane node. The enterprise tier always has it. On the standard tier it costs extra and can never be
    /// turned off.
    /// </summary>
    public bool HighAvailability { get; init; } = true;

    /// <summary>Every address range of the platform.</summary>
    public required AddressPlan Addresses { get; init; }

    /// <summary>The node pools in Linode's order. The order is significant: only append.</summary>
    public required IReadOnlyList<NodePool> Pools { get; init; }

    /// <summary>The only networks that reach the control plane. The enterprise tier needs at least one.</summary>
    public required IReadOnlyList<AllowedNetwork> ControlPlaneAccess { get; init; }

    /// <summary>The storage of Terraform's state.</summary>
    public required StateStorage State { get; init; }

    /// <summary>The environment of the platform's own shared services.</summary>
    public required SystemEnvironmentSpec System { get; init; }

    /// <summary>The highest number of application environments: the isolation probe of each tries to reach all others.</summary>
    public const int MostApplications = 12;

    /// <summary>The environments that application teams deploy to; at most <see cref="MostApplications"/>.</summary>
    public required IReadOnlyList<ApplicationEnvironmentSpec> Applications { get; init; }

    /// <summary>
    /// The numbers that a port named "metrics" may have in an environment: Prometheus may reach these ports. 9464 is
    /// OpenTelemetry's default (opentelemetry.io, Prometheus exporter).
    /// </summary>
    public IReadOnlyList<int> MetricsPorts { get; init; } = [9464];

    /// <summary>Recorded exceptions to the network policies, the nodes' firewall and the control plane's allow-list.</summary>
    public IReadOnlyList<NetworkOverride> Overrides { get; init; } = [];

    /// <summary>All environments, the system's first.</summary>
    public IEnumerable<EnvironmentSpec> Environments => Applications.Prepend<EnvironmentSpec>(System);

    /// <summary>The node pool of an environment.</summary>
    public NodePool PoolOf(EnvironmentSpec environment) => Pools.First(pool => pool.Name == environment.Pool);
}
