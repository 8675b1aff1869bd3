using System.Globalization;
using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.LimitRangeV1;
using HashiCorp.Cdktf.Providers.Kubernetes.NamespaceV1;
using HashiCorp.Cdktf.Providers.Kubernetes.ResourceQuotaV1;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Constructs.Namespaces;

/// <summary>What <see cref="EnvironmentNamespace"/> needs.</summary>
public sealed record EnvironmentNamespaceProps
{
    /// <summary>The namespace's name.</summary>
    public required string Name { get; init; }

    /// <summary>Labels of the namespace and everything in it: environment, owner, who manages it.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>What it is for; an annotation.</summary>
    public required string Purpose { get; init; }

    /// <summary>The Pod Security level it enforces, warns about and audits.</summary>
    public required PodSecurityLevel PodSecurity { get; init; }

    /// <summary>The most that all of its pods may ask for.</summary>
    public required Quota Quota { get; init; }

    /// <summary>What a container gets that asks for nothing.</summary>
    public required ContainerDefaults Containers { get; init; }

    /// <summary>Further counts that the quota limits, by the quota's own key ("count/deployments.apps").</summary>
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>();
}

/// <summary>
/// A namespace that is bounded from its first moment: Pod Security, quota, container defaults, and no token of the API server in a pod that
/// did not ask for one.
/// </summary>
public sealed class EnvironmentNamespace : Construct
{
    /// <summary>Makes the namespace, its quota and its limit range, and takes the token from its default account.</summary>
    public EnvironmentNamespace(Construct scope, string id, EnvironmentNamespaceProps props)
        : base(scope, id)
    {
        var level = Level(props.PodSecurity);
        var labels = props.Labels.ToDictionary();
        var space = new NamespaceV1(
            this,
            "namespace",
            new NamespaceV1Config
            {
                Metadata = new NamespaceV1Metadata
                {
                    Name = props.Name,
                    Annotations = new Dictionary<string, string> { ["purpose"] = props.Purpose },
                    Labels = new Dictionary<string, string>(labels)
                    {
                        ["pod-security.kubernetes.io/enforce"] = level,
                        ["pod-security.kubernetes.io/warn"] = level,
                        ["pod-security.kubernetes.io/audit"] = level,
                    },
                },
            }
        );
        Name = space.Metadata.Name;
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
        WithoutTokens(labels);
    }

    /// <summary>The namespace's name as a reference to the resource, so that what is put into it waits for it.</summary>
    public string Name { get; }

    /// <summary>Quota and limit range; what runs in the namespace waits for them.</summary>
    public IReadOnlyList<ITerraformDependable> Bounds { get; }

    /// <summary>How the labels of a namespace name a level of the Pod Security Standards.</summary>
    public static string Level(PodSecurityLevel level) => level.ToString().ToLowerInvariant();

    // The account that Kubernetes makes in every namespace; a pod that names no other runs as it. The resource adopts it. It has no typed
    // binding here: one more line in the list of bindings would have everybody build them again.
    private void WithoutTokens(Dictionary<string, string> labels)
    {
        var account = new TerraformResource(
            this,
            "default-account",
            new TerraformResourceConfig { TerraformResourceType = "kubernetes_default_service_account_v1" }
        );
        account.AddOverride("metadata", new Dictionary<string, object> { ["namespace"] = Name, ["labels"] = labels });
        account.AddOverride("automount_service_account_token", false);
    }

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
            // Each is a billed NodeBalancer past the shared gateway, or a port on every node.
            ["services.loadbalancers"] = Count(quota.LoadBalancers),
            ["services.nodeports"] = Count(quota.LoadBalancers * PortsOfLoadBalancer),
        };
        foreach (var (key, count) in props.Counts)
            hard[key] = Count(count);
        return hard;
    }

    // A LoadBalancer service takes a node port for each of its ports: 80 and 443.
    private const int PortsOfLoadBalancer = 2;

    // A limit of 0 is none for the kubelet, and costs the quota nothing: a container with it would have the whole node.
    private static readonly Dictionary<string, string> s_least = Amounts("1m", "1Mi");

    private static LimitRangeV1SpecLimit Limit(ContainerDefaults containers) =>
        new()
        {
            Type = "Container",
            DefaultRequest = Amounts(containers.RequestCpu, containers.RequestMemory),
            Default = Amounts(containers.LimitCpu, containers.LimitMemory),
            Max = Amounts(containers.MaxCpu, containers.MaxMemory),
            Min = s_least,
        };

    private static Dictionary<string, string> Amounts(Quantity cpu, Quantity memory) =>
        new() { ["cpu"] = cpu.Text, ["memory"] = memory.Text };

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);
}
