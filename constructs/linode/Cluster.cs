using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.LkeCluster;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using DeletionLock = HashiCorp.Cdktf.Providers.Linode.Lock.Lock;
using DeletionLockConfig = HashiCorp.Cdktf.Providers.Linode.Lock.LockConfig;

namespace InfraCdktf.Constructs.Linode;

/// <summary>Input of <see cref="Cluster"/>.</summary>
public sealed record ClusterProps
{
    /// <summary>The cluster's label, 3-32 characters.</summary>
    public required string Label { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The LKE tier.</summary>
    public required ClusterTier Tier { get; init; }

    /// <summary>The Kubernetes version: exact on enterprise, major.minor on standard.</summary>
    public required string KubernetesVersion { get; init; }

    /// <summary>More than one control-plane node; only the standard tier has the choice.</summary>
    public required bool HighAvailability { get; init; }

    /// <summary>The node pools, in the order in which Linode keeps them.</summary>
    public required IReadOnlyList<NodePool> Pools { get; init; }

    /// <summary>The ranges that reach the control plane.</summary>
    public required IReadOnlyList<Cidr> AllowedRanges { get; init; }

    /// <summary>Linode tags of the cluster and of its pools.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>The network of the nodes; only LKE Enterprise accepts one.</summary>
    public required PrivateNetwork Network { get; init; }

    /// <summary>The firewall of the pools; null on the standard tier, whose pools ignore it.</summary>
    public NodeFirewall? Firewall { get; init; }
}

/// <summary>
/// The LKE cluster with its node pools, and the lock that protects it from deletion. Its kubeconfig is always part of this
/// stack's state.
/// </summary>
public sealed class Cluster : Construct
{
    private static readonly string[] s_onlyAtCreation = ["vpc_id", "subnet_id"];

    private readonly LkeCluster _cluster;

    /// <summary>Creates the cluster, its pools and its lock.</summary>
    public Cluster(Construct scope, string id, ClusterProps props)
        : base(scope, id)
    {
        var enterprise = props.Tier == ClusterTier.Enterprise;
        _cluster = new LkeCluster(
            this,
            "lke",
            new LkeClusterConfig
            {
                Label = props.Label,
                Region = props.Region,
                K8SVersion = props.KubernetesVersion,
                Tier = enterprise ? "enterprise" : "standard",
                Tags = [.. props.Tags],
                // Both or none: Linode ignores a subnet alone and leaks a VPC each time; it plans a later change but never sends
                // it (measured).
                VpcId = enterprise ? props.Network.VpcId : null,
                SubnetId = enterprise ? props.Network.NodesSubnetId : null,
                ControlPlane = new LkeClusterControlPlane
                {
                    // Enterprise is always highly available and accepts no argument for it.
                    HighAvailability = enterprise ? null : props.HighAvailability,
                    AuditLogsEnabled = enterprise ? true : null,
                    Acl = new LkeClusterControlPlaneAcl
                    {
                        Enabled = true,
                        Addresses = new[]
                        {
                            new LkeClusterControlPlaneAclAddresses
                            {
                                Ipv4 = Ranges(props.AllowedRanges, ipv4: true),
                                Ipv6 = Ranges(props.AllowedRanges, ipv4: false),
                            },
                        },
                    },
                },
                Pool = props.Pools.Select(pool => Pool(pool, props)).ToArray(),
                Lifecycle = new TerraformResourceLifecycle
                {
                    PreventDestroy = true,
                    // A later change would be planned by every plan and never sent.
                    IgnoreChanges = s_onlyAtCreation,
                },
            }
        );
        _ = new DeletionLock(
            this,
            "lock",
            new DeletionLockConfig
            {
                EntityId = Token.AsNumber(_cluster.Id),
                EntityType = "lkecluster",
                LockType = "cannot_delete",
            }
        );
    }

    /// <summary>The cluster's id.</summary>
    public string ClusterId => _cluster.Id;

    /// <summary>The addresses of the API server.</summary>
    public string[] ApiEndpoints => _cluster.ApiEndpoints;

    private static string[]? Ranges(IReadOnlyList<Cidr> allowed, bool ipv4)
    {
        string[] ranges = [.. allowed.Where(range => range.IsIPv4 == ipv4).Select(range => range.Text)];
        return ranges.Length > 0 ? ranges : null;
    }

    // No count: with an autoscaler every plan would show a change. No update strategy: the second plan would drop an inline
    // enterprise pool and create it again. Both measured.
    private static LkeClusterPool Pool(NodePool pool, ClusterProps props) =>
        new()
        {
            Label = pool.Name,
            Type = pool.Type,
            Autoscaler = new LkeClusterPoolAutoscaler { Min = pool.MinNodes, Max = pool.MaxNodes },
            DiskEncryption = pool.DiskEncryption ? "enabled" : "disabled",
            FirewallId = props.Firewall?.FirewallId,
            Labels = new SortedDictionary<string, string>(pool.Labels.ToDictionary(), StringComparer.Ordinal)
            {
                [PodPlacement.PoolLabel] = pool.Name,
            },
            Taint = pool
                .Taints.Select(taint => new LkeClusterPoolTaint
                {
                    Key = taint.Key,
                    Value = taint.Value,
                    Effect = taint.Effect,
                })
                .ToArray(),
            Tags = [.. props.Tags],
        };
}
