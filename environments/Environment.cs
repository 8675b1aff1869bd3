namespace InfraCdktf.Environments;

/// <summary>
/// One environment, complete: what its namespace may use, who may enter it, what it stores, who is told when it hurts. All that
/// makes environments different is said here; constructs never ask which environment they build.
/// </summary>
public sealed record Environment
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
    public IReadOnlyList<Bucket> Buckets { get; init; } = [];

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

/// <summary>A ResourceQuota's numbers, for each namespace of the environment.</summary>
public sealed record Quota
{
    /// <summary>Sum of CPU requests.</summary>
    public required Quantity RequestsCpu { get; init; }

    /// <summary>Sum of memory requests.</summary>
    public required Quantity RequestsMemory { get; init; }

    /// <summary>Sum of CPU limits.</summary>
    public required Quantity LimitsCpu { get; init; }

    /// <summary>Sum of memory limits.</summary>
    public required Quantity LimitsMemory { get; init; }

    /// <summary>Sum of storage that claims ask for.</summary>
    public required Quantity Storage { get; init; }

    /// <summary>Number of pods.</summary>
    public required int Pods { get; init; }

    /// <summary>Number of services of type LoadBalancer: each is a billed NodeBalancer, so none outside system.</summary>
    public int LoadBalancers { get; init; }
}

/// <summary>A LimitRange's numbers for one container.</summary>
public sealed record ContainerDefaults
{
    /// <summary>CPU that a container is given which asks for none.</summary>
    public required Quantity RequestCpu { get; init; }

    /// <summary>Memory that a container is given which asks for none.</summary>
    public required Quantity RequestMemory { get; init; }

    /// <summary>CPU limit of a container that sets none.</summary>
    public required Quantity LimitCpu { get; init; }

    /// <summary>Memory limit of a container that sets none.</summary>
    public required Quantity LimitMemory { get; init; }

    /// <summary>The highest CPU limit that a container may set.</summary>
    public required Quantity MaxCpu { get; init; }

    /// <summary>The highest memory limit that a container may set.</summary>
    public required Quantity MaxMemory { get; init; }
}

/// <summary>The services an environment is sized for: <paramref name="Count"/> services of <paramref name="Replicas"/> pods, each
/// pod with the container defaults.</summary>
/// <param name="Count">Services; at least 30 in an environment for application teams.</param>
/// <param name="Replicas">Pods of each service, with room for a rolling update on top.</param>
public sealed record ServiceCapacity(int Count, int Replicas);

/// <summary>The Pod Security Standards (kubernetes.io/docs/concepts/security/pod-security-standards).</summary>
public enum PodSecurityLevel
{
    /// <summary>Hardened; what application workloads run under.</summary>
    Restricted,

    /// <summary>Prevents known privilege escalations; only where the inventory records why.</summary>
    Baseline,

    /// <summary>No restriction; only for agents of the platform that need the node.</summary>
    Privileged,
}

/// <summary>A namespace of one team: <c>{environment}-{team}</c>.</summary>
/// <param name="Name">The team, a DNS-1123 label.</param>
/// <param name="Contact">Where the team is reached.</param>
public sealed record TeamNamespace(string Name, string Contact)
{
    /// <summary>The other teams of the environment whose namespaces its own talks with (the environment's name for its first one); null for all
    /// of the environment. Both ends must allow a connection, so it holds whatever the others say.</summary>
    public IReadOnlyList<string>? TalksWith { get; init; }
}

/// <summary>One person, or one workflow of a team, who may do what a profile allows in the environment's namespaces.</summary>
/// <param name="Name">A DNS-1123 label; becomes a ServiceAccount, because LKE has no identity provider of its own. One for each person: the audit
/// log then says who it was.</param>
/// <param name="Profile">What it may do.</param>
public sealed record AccessGrant(string Name, Profile Profile)
{
    /// <summary>The teams whose namespaces alone are opened; with none, all namespaces of the environment are.</summary>
    public IReadOnlyList<string> Teams { get; init; } = [];
}

/// <summary>The access profiles. Their rules are ClusterRoles that the system stack defines once.</summary>
public enum Profile
{
    /// <summary>Reads workloads, logs and events.</summary>
    Viewer,

    /// <summary>A viewer who may also have pods started anew: on call for the shared services, where whoever looks into a pod, or changes one,
    /// holds its rights.</summary>
    Caretaker,

    /// <summary>A viewer who may also restart, scale and look into pods.</summary>
    Developer,

    /// <summary>On call: all workloads of the environment, no roles and no quotas.</summary>
    Operator,

    /// <summary>A team's deployment workflow: applies workloads, nothing else.</summary>
    Deployer,

    /// <summary>Mends the platform when nothing else can. Never granted: break-glass alone has it, for an hour.</summary>
    PlatformAdmin,
}

/// <summary>A managed PostgreSQL cluster on the private network.</summary>
public sealed record DataStore
{
    /// <summary>PostgreSQL's major version, at least 15.</summary>
    public required int PostgresVersion { get; init; }

    /// <summary>The Linode plan of each node ("g6-dedicated-2").</summary>
    public required string Type { get; init; }

    /// <summary>1, 2 or 3 nodes; 2 only on dedicated plans.</summary>
    public required int Nodes { get; init; }

    /// <summary>The subnet that holds this environment's database and nothing else.</summary>
    public required Cidr Subnet { get; init; }

    /// <summary>The weekly maintenance window's day, 1 = Monday to 7 = Sunday.</summary>
    public int MaintenanceDay { get; init; } = 7;

    /// <summary>The hour (UTC, 0-23) at which the four-hour maintenance window starts.</summary>
    public int MaintenanceHour { get; init; } = 2;
}

/// <summary>A bucket of the environment.</summary>
/// <param name="Purpose">media, backups, logs, static, ...: the last part of its name.</param>
/// <param name="Versioned">True when old versions are kept. Set through S3 by our own command: as an argument of the resource it
/// would need an unlimited key at every plan (measured).</param>
/// <param name="ExpireAfterDays">Days until objects (old versions, where versioned) are deleted; 0 for never.</param>
public sealed record Bucket(string Purpose, bool Versioned, int ExpireAfterDays);

/// <summary>A secret that services of the environment rely on.</summary>
/// <param name="Name">The Kubernetes Secret's name.</param>
/// <param name="Keys">The keys it must have.</param>
/// <param name="RotateAfterDays">Days after which it is due for rotation.</param>
public sealed record SecretSpec(string Name, IReadOnlyList<string> Keys, int RotateAfterDays);

/// <summary>How the outside reaches services of the environment.</summary>
/// <param name="Subdomain">The label under the platform's DNS zone: services are <c>{service}.{Subdomain}.{zone}</c>.</param>
public sealed record Exposure(string Subdomain);

/// <summary>Something outside of the cluster that pods labelled <c>network.platform/to-{Name}: "true"</c> may reach.</summary>
/// <param name="Name">A DNS-1123 label.</param>
/// <param name="Reason">What it is, and why it must be reached.</param>
/// <param name="Ranges">Its public addresses: neither Calico nor Kubernetes' own policies know names.</param>
/// <param name="Ports">Its TCP ports.</param>
public sealed record OutsideDestination(string Name, string Reason, IReadOnlyList<Cidr> Ranges, IReadOnlyList<int> Ports);

/// <summary>Where alerts of the environment go.</summary>
/// <param name="Channel">The chat channel, with its leading '#'.</param>
/// <param name="Severities">Which severities; together the routes must cover critical and warning.</param>
public sealed record AlertRoute(string Channel, IReadOnlyList<Severity> Severities);

/// <summary>How urgent an alert is.</summary>
public enum Severity
{
    /// <summary>Somebody is woken.</summary>
    Critical,

    /// <summary>Somebody looks on the next working day.</summary>
    Warning,
}

/// <summary>Limits of the overview alerts.</summary>
public sealed record AlertThresholds
{
    /// <summary>Share of the namespace's CPU quota in use, 0-1.</summary>
    public decimal CpuShare { get; init; } = 0.85m;

    /// <summary>Share of the namespace's memory quota in use, 0-1.</summary>
    public decimal MemoryShare { get; init; } = 0.85m;

    /// <summary>99th percentile of the time the gateway takes to answer, in milliseconds.</summary>
    public int IngressLatencyMilliseconds { get; init; } = 500;

    /// <summary>Lowest share of requests answered without a server error, 0-1 (NFR-001: 99.5 %).</summary>
    public decimal RequestSuccess { get; init; } = 0.995m;
}

/// <summary>When an environment sleeps.</summary>
/// <param name="TimeZone">An IANA name ("Europe/Berlin").</param>
/// <param name="ScaleDown">Cron expression (five fields) at which workloads go to zero.</param>
/// <param name="ScaleUp">Cron expression at which they come back.</param>
public sealed record OffHours(string TimeZone, string ScaleDown, string ScaleUp);

/// <summary>How long signals are kept, in days.</summary>
/// <param name="MetricsDays">Metrics.</param>
/// <param name="LogsDays">Logs.</param>
/// <param name="TracesDays">Traces.</param>
public sealed record Retention(int MetricsDays, int LogsDays, int TracesDays);
