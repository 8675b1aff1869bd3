using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>
/// The values that all environments have in common. Two kinds exist: <see cref="ApplicationEnvironmentSpec"/> for application
/// teams and <see cref="SystemEnvironmentSpec"/> for the platform's shared services. All differences between environments are
/// values of these records; no construct asks for the name of an environment.
/// </summary>
public abstract record EnvironmentSpec
{
    /// <summary>
    /// The name of the environment, of its stack, of its first namespace and of its label. It is part of Terraform state
    /// addresses: a rename destroys and creates.
    /// </summary>
    public required EnvironmentName Name { get; init; }

    /// <summary>One sentence: the purpose of the environment. An annotation of its namespaces; shown on dashboards.</summary>
    public required string Purpose { get; init; }

    /// <summary>The responsible team; a label on every object.</summary>
    public required string Owner { get; init; }

    /// <summary>The node pool of its workloads. The pool must be able to hold the quota.</summary>
    public required string Pool { get; init; }

    /// <summary>The sums that all pods of one of its namespaces may request.</summary>
    public required Quota Quota { get; init; }

    /// <summary>The requests and limits of a container that sets none, and the highest limits that one may set.</summary>
    public required ContainerDefaults Containers { get; init; }

    /// <summary>The number of services that the quota must hold: at least 30 in an application environment.</summary>
    public required ServiceCapacity Services { get; init; }

    /// <summary>The Pod Security Standard that its namespaces enforce.</summary>
    public PodSecurityLevel PodSecurity { get; init; } = PodSecurityLevel.Restricted;

    /// <summary>Why its namespaces enforce less than <c>restricted</c>; null if they enforce <c>restricted</c>.</summary>
    public string? PodSecurityReason { get; init; }

    /// <summary>
    /// Where its images come from: host names, each with a path if only a part of the registry is meant (<c>ghcr.io/example</c>).
    /// Everything below is allowed. An image without a host is one of docker.io, as <c>docker.io/library/nginx</c>.
    /// </summary>
    public required IReadOnlyList<string> ImageRegistries { get; init; }

    /// <summary>
    /// Admission rules that do not refuse in this environment, each with a reason. Without an entry every rule refuses.
    /// </summary>
    public IReadOnlyList<AdmissionException> AdmissionExceptions { get; init; } = [];

    /// <summary>The access grants. Without a grant only the pipeline has access.</summary>
    public IReadOnlyList<AccessGrant> Access { get; init; } = [];

    /// <summary>Its object-storage buckets.</summary>
    public IReadOnlyList<BucketSpec> Buckets { get; init; } = [];

    /// <summary>The chat channels of its alerts. At least one; together they cover every severity.</summary>
    public required IReadOnlyList<AlertRoute> AlertRoutes { get; init; }

    /// <summary>The limits of its overview alerts.</summary>
    public AlertThresholds Thresholds { get; init; } = new();

    /// <summary>
    /// Days for which its metrics are kept. One Prometheus serves all environments, so the longest value applies to all.
    /// </summary>
    public required int MetricsDays { get; init; }

    /// <summary>Its namespaces: the one named after it first.</summary>
    public virtual IEnumerable<string> Namespaces => [Name.Text];

    /// <summary>The namespaces whose routes are its ingress; null for all routes of the gateway.</summary>
    public virtual IReadOnlyList<string>? IngressNamespaces => [.. Namespaces];

    /// <summary>The namespaces that a grant gives access to.</summary>
    public virtual IEnumerable<string> NamespacesOf(AccessGrant grant) => Namespaces;

    /// <summary>
    /// The namespace of its accounts, <c>{environment}-access</c>. No pod can run there: otherwise an account that may create
    /// pods in the environment could run a pod as another account.
    /// </summary>
    public string AccessNamespace => $"{Name}-access";
}
