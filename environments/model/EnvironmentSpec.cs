using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>
/// One environment, complete: what its namespace may use, who may enter it, what it stores, who is told when it hurts. All that
/// makes environments different is said here; constructs never ask which environment they build.
/// </summary>
public sealed record EnvironmentSpec
{
    /// <summary>The name of the environment, its stack, its namespace and its label. Also a Terraform state address: a rename
    /// destroys and creates.</summary>
    public required EnvironmentName Name { get; init; }

    /// <summary>One sentence: what this environment is for. Shown in the hand-off guide and on dashboards.</summary>
    public required string Purpose { get; init; }

    /// <summary>The team that answers for it; a label on everything.</summary>
    public required string Owner { get; init; }

    /// <summary>The node pool its workloads run on, and that must be able to hold its quota.</summary>
    public required string Pool { get; init; }

    /// <summary>The most that all pods of one of its namespaces may ask for together.</summary>
    public required Quota Quota { get; init; }

    /// <summary>What a container gets that asks for nothing, and the most it may ask for.</summary>
    public required ContainerDefaults Containers { get; init; }

    /// <summary>How many services it must hold (NFR-008: at least 30 where application teams deploy), and with how many replicas each.</summary>
    public required ServiceCapacity Services { get; init; }

    /// <summary>The Pod Security Standard that its namespaces enforce (000-hardening: restricted, but where a reason is recorded).</summary>
    public PodSecurityLevel PodSecurity { get; init; } = PodSecurityLevel.Restricted;

    /// <summary>Why its namespaces enforce less than restricted; none where they enforce restricted.</summary>
    public string? PodSecurityReason { get; init; }

    /// <summary>Where its workloads are excused from an admission rule, and why. With none, every rule refuses.</summary>
    public IReadOnlyList<AdmissionException> AdmissionExceptions { get; init; } = [];

    /// <summary>Namespaces of its own teams beside the one named after the environment; each gets all that the first has.</summary>
    public IReadOnlyList<TeamNamespace> Teams { get; init; } = [];

    /// <summary>Who may do what in it. An empty list means that only the pipeline can.</summary>
    public IReadOnlyList<AccessGrant> Access { get; init; } = [];

    /// <summary>Its managed PostgreSQL; none when the environment stores nothing in one.</summary>
    public DataStore? DataStore { get; init; }

    /// <summary>Its object-storage buckets.</summary>
    public IReadOnlyList<BucketSpec> Buckets { get; init; } = [];

    /// <summary>The secrets that its services start with (SC-005: at least two). Names and keys only: values never stand in code.</summary>
    public required IReadOnlyList<SecretSpec> Secrets { get; init; }

    /// <summary>How the outside reaches it; none when nothing does.</summary>
    public Exposure? Exposure { get; init; }

    /// <summary>What pods that ask for it may reach outside of the cluster.</summary>
    public IReadOnlyList<OutsideDestination> Destinations { get; init; } = [];

    /// <summary>Why pods that ask for it may talk to the API server; none where no pod may.</summary>
    public string? ApiServerReason { get; init; }

    /// <summary>Who is told, and where. An environment that nothing routes alerts for is refused.</summary>
    public required IReadOnlyList<AlertRoute> AlertRoutes { get; init; }

    /// <summary>From which value on its overview alerts fire (SC-006).</summary>
    public AlertThresholds Thresholds { get; init; } = new();

    /// <summary>What it may cost a month (004-budget).</summary>
    public required Money Budget { get; init; }

    /// <summary>When it is scaled down; none when it never is (004-offhours).</summary>
    public OffHours? OffHours { get; init; }

    /// <summary>How long what it produces is kept.</summary>
    public required Retention Retention { get; init; }

    /// <summary>Every namespace of the environment: the one named after it first, then one for each team.</summary>
    public IEnumerable<string> Namespaces => Teams.Select(NamespaceOf).Prepend(Name.Text);

    /// <summary>The namespace of one of its teams: <c>{environment}-{team}</c>.</summary>
    public string NamespaceOf(TeamNamespace team) => $"{Name}-{team.Name}";

    /// <summary>
    /// The namespace of the accounts of those who may enter, <c>{environment}-access</c>. No pod can run there: whoever may make pods in the
    /// environment could otherwise run one as somebody else.
    /// </summary>
    public string AccessNamespace => $"{Name}-access";

    /// <summary>The namespaces that a grant opens.</summary>
    public IEnumerable<string> NamespacesOf(AccessGrant grant) =>
        grant.Teams.Count == 0
            ? Namespaces
            : Teams.Where(team => grant.Teams.Contains(team.Name, StringComparer.Ordinal)).Select(NamespaceOf);
}
