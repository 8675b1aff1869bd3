using System.Globalization;
using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.DefaultServiceAccountV1;
using HashiCorp.Cdktf.Providers.Kubernetes.LimitRangeV1;
using HashiCorp.Cdktf.Providers.Kubernetes.NamespaceV1;
using HashiCorp.Cdktf.Providers.Kubernetes.ResourceQuotaV1;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Constructs.Namespaces;

/// <summary>Input of <see cref="EnvironmentNamespace"/>.</summary>
public sealed record EnvironmentNamespaceProps
{
    /// <summary>The namespace's name.</summary>
    public required string Name { get; init; }

    /// <summary>Labels of the namespace and of every object in it: environment, owner, manager.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>One sentence: the purpose; an annotation.</summary>
    public required string Purpose { get; init; }

    /// <summary>The Pod Security level that the namespace enforces, warns about and audits.</summary>
    public required PodSecurityLevel PodSecurity { get; init; }

    /// <summary>The sums that all of its pods may request.</summary>
    public required Quota Quota { get; init; }

    /// <summary>The requests and limits of a container that sets none.</summary>
    public required ContainerDefaults Containers { get; init; }

    /// <summary>The number of Services of type LoadBalancer.</summary>
    public int LoadBalancers { get; init; }

    /// <summary>Further counts in the quota, by the quota's own key ("count/deployments.apps").</summary>
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>();

    /// <summary>The traffic that is allowed in addition to the default deny.</summary>
    public required AllowRules AllowRules { get; init; }

    /// <summary>The access grants for this namespace.</summary>
    public IReadOnlyList<AccessGrant> Grants { get; init; } = [];

    /// <summary>The namespace of the accounts of these grants (<see cref="AccessNamespace"/>).</summary>
    public required string Accounts { get; init; }

    /// <summary>
    /// The pipeline that creates the namespace with an account of its own; null if the administrator's account creates it.
    /// </summary>
    public NamespacePipeline? Pipeline { get; init; }
}

/// <summary>
/// A namespace with all its limits: Pod Security, quota, container defaults, network policies (default deny in both
/// directions), access grants, and no token of the API server in a pod that did not request one.
/// </summary>
public class EnvironmentNamespace : Construct
{
    // A Service of type LoadBalancer uses a node port for each of its ports: 80 and 443.
    private const int PortsOfLoadBalancer = 2;

    // The kubelet treats a limit of 0 as no limit, and the quota counts it as 0: the container could use the whole node.
    private static readonly Dictionary<string, string> s_least = new() { ["cpu"] = "1m", ["memory"] = "1Mi" };

    /// <summary>Creates the namespace and its bounds.</summary>
    public EnvironmentNamespace(Construct scope, string id, EnvironmentNamespaceProps props)
        : base(scope, id)
    {
        var level = Level(props.PodSecurity);
        var labels = props.Labels.ToDictionary();
        Name = new NamespaceV1(
            this,
            "namespace",
            new NamespaceV1Config
            {
                Metadata = new NamespaceV1Metadata
                {
                    Name = props.Name,
                    Annotations = new Dictionary<string, string> { ["purpose"] = TerraformText.Escape(props.Purpose) },
                    Labels = new Dictionary<string, string>(labels)
                    {
                        ["pod-security.kubernetes.io/enforce"] = level,
                        ["pod-security.kubernetes.io/warn"] = level,
                        ["pod-security.kubernetes.io/audit"] = level,
                    },
                },
            }
        ).Metadata.Name;
        var quota = new ResourceQuotaV1(
            this,
            "quota",
            new ResourceQuotaV1Config
            {
                Metadata = new ResourceQuotaV1Metadata
                {
                    Name = "quota",
                    Namespace = Name,
                    Labels = labels,
                },
                Spec = new ResourceQuotaV1Spec { Hard = Hard(props) },
            }
        );
        var limits = new LimitRangeV1(
            this,
            "limits",
            new LimitRangeV1Config
            {
                Metadata = new LimitRangeV1Metadata
                {
                    Name = "container-defaults",
                    Namespace = Name,
                    Labels = labels,
                },
                Spec = new LimitRangeV1Spec { Limit = new[] { Limit(props.Containers) } },
            }
        );
        Bounds = [quota, limits];
        DefaultAccountWithoutToken(labels);
        Policies = new SegmentPolicy(
            this,
            "segment",
            new()
            {
                Namespace = Name,
                Labels = props.Labels,
                AllowRules = props.AllowRules,
            }
        ).Policies;
        if (props.Pipeline is { } pipeline)
            ConfigMapRights = new PipelineConfigMaps(
                this,
                "pipeline",
                new()
                {
                    Namespace = Name,
                    Pipeline = pipeline,
                    Labels = props.Labels,
                }
            ).Bound;
        _ = new AccessProfiles(
            this,
            "access",
            new()
            {
                Namespace = Name,
                Accounts = props.Accounts,
                Labels = props.Labels,
                Grants = props.Grants,
            }
        );
    }

    /// <summary>The namespace's name as a reference to the resource, so that objects in it depend on it.</summary>
    public string Name { get; }

    /// <summary>Quota and limit range, for the <c>depends_on</c> of workloads.</summary>
    public IReadOnlyList<ITerraformDependable> Bounds { get; }

    /// <summary>All network policies, for the <c>depends_on</c> of workloads.</summary>
    public IReadOnlyList<ITerraformDependable> Policies { get; }

    /// <summary>
    /// The bindings that let the pipeline write ConfigMaps here, for the <c>depends_on</c> of ConfigMaps and of Helm releases.
    /// </summary>
    public IReadOnlyList<ITerraformDependable> ConfigMapRights { get; } = [];

    /// <summary>The value of the Pod Security labels for a level.</summary>
    public static string Level(PodSecurityLevel level) => level.ToString().ToLowerInvariant();

    // Kubernetes creates this account in every namespace, and a pod that names no other account runs as it. The resource adopts
    // it.
    private void DefaultAccountWithoutToken(Dictionary<string, string> labels) =>
        _ = new DefaultServiceAccountV1(
            this,
            "default-account",
            new DefaultServiceAccountV1Config
            {
                Metadata = new DefaultServiceAccountV1Metadata { Namespace = Name, Labels = labels },
                AutomountServiceAccountToken = false,
            }
        );

    private static Dictionary<string, string> Hard(EnvironmentNamespaceProps props)
    {
        var quota = props.Quota;
        var hard = new Dictionary<string, string>
        {
            ["requests.cpu"] = quota.RequestsCpu.Text,
            ["requests.memory"] = quota.RequestsMemory.Text,
            ["limits.cpu"] = quota.LimitsCpu.Text,
            ["limits.memory"] = quota.LimitsMemory.Text,
            ["requests.storage"] = quota.Storage.Text,
            ["pods"] = Count(quota.Pods),
            // All of them are stored in etcd, whose size limits the whole cluster.
            ["secrets"] = Count(quota.Secrets),
            ["configmaps"] = Count(quota.ConfigMaps),
            ["persistentvolumeclaims"] = Count(quota.Claims),
            // Each one is a billed NodeBalancer, or a port on every node.
            ["services.loadbalancers"] = Count(props.LoadBalancers),
            ["services.nodeports"] = Count(props.LoadBalancers * PortsOfLoadBalancer),
        };
        foreach (var (key, count) in props.Counts)
            hard[key] = Count(count);
        return hard;
    }

    private static LimitRangeV1SpecLimit Limit(ContainerDefaults containers) =>
        new()
        {
            Type = "Container",
            DefaultRequest = Amounts(containers.RequestCpu, containers.RequestMemory, containers.RequestDisk),
            Default = Amounts(containers.LimitCpu, containers.LimitMemory, containers.LimitDisk),
            Max = Amounts(containers.MaxCpu, containers.MaxMemory, containers.MaxDisk),
            Min = s_least,
        };

    private static Dictionary<string, string> Amounts(Quantity cpu, Quantity memory, Quantity disk) =>
        new()
        {
            ["cpu"] = cpu.Canonical,
            ["memory"] = memory.Canonical,
            ["ephemeral-storage"] = disk.Canonical,
        };

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);
}
