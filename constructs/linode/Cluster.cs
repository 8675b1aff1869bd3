using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.LkeCluster;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using DeletionLock = HashiCorp.Cdktf.Providers.Linode.Lock.Lock;
using DeletionLockConfig = HashiCorp.Cdktf.Providers.Linode.Lock.LockConfig;

namespace InfraCdktf.Constructs.Linode;

/// <summary>What <see cref="Cluster"/> needs.</summary>
public sealed record ClusterProps
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }

    /// <summary>The network that the nodes sit in; only LKE Enterprise takes it.</summary>
    public required PrivateNetwork Network { get; init; }

    /// <summary>The firewall of the pools; only LKE Enterprise honours it.</summary>
    public NodeFirewall? Firewall { get; init; }
}

/// <summary>
/// The LKE cluster with its node pools and the lock that protects it from deletion. Its kubeconfig is always part of this stack's state.
/// </summary>
public sealed class Cluster : Construct
{
    private readonly LkeCluster _cluster;

    /// <summary>Makes the cluster, its pools and its lock.</summary>
    public Cluster(Construct scope, string id, ClusterProps props)
        : base(scope, id)
    {
        PlatformSpec platform = props.Platform;
        var enterprise = platform.Tier == ClusterTier.Enterprise;
        _cluster = new LkeCluster(
            this,
            "lke",
            new LkeClusterConfig
            {
                Label = ResourceNames.Of(platform).Cluster,
                Region = platform.Region,
                K8SVersion = platform.KubernetesVersion,
                Tier = enterprise ? "enterprise" : "standard",
                Tags = [.. Labels.SharedTags(platform)],
                // Both or none: a subnet alone is ignored and leaks a VPC each time; a later change is planned but never sent (measured).
                VpcId = enterprise ? props.Network.VpcId : null,
                SubnetId = enterprise ? props.Network.NodesSubnetId : null,
                ControlPlane = new LkeClusterControlPlane
                {
                    // Enterprise always has it and takes no argument for it.
                    HighAvailability = enterprise ? null : platform.HighAvailability,
                    AuditLogsEnabled = enterprise ? true : null,
                    Acl = new LkeClusterControlPlaneAcl
                    {
                        Enabled = true,
                        Addresses = new[]
                        {
                            new LkeClusterControlPlaneAclAddresses
                            {
                                Ipv4 = Ranges(platform, ipv4: true),
                                Ipv6 = Ranges(platform, ipv4: false),
                            },
                        },
                    },
                },
                Pool = platform.Pools.Select(pool => Pool(platform, pool, props.Firewall)).ToArray(),
                Lifecycle = new TerraformResourceLifecycle { PreventDestroy = true },
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

    private static string[]? Ranges(PlatformSpec platform, bool ipv4)
    {
        string[] ranges =
        [
            .. platform
                .ControlPlaneAccess.Select(network => network.Range)
                .Concat(OverrideRules.OfControlPlane(platform))
                .Where(range => range.IsIPv4 == ipv4)
                .Select(range => range.Text),
        ];
        return ranges.Length > 0 ? ranges : null;
    }

    // No count (with an autoscaler plans would never settle) and no update strategy (an inline enterprise pool would be dropped and
    // made anew by the second plan): both measured.
    private static LkeClusterPool Pool(PlatformSpec platform, NodePool pool, NodeFirewall? firewall) =>
        new()
        {
            Label = pool.Name,
            Type = pool.Type,
            Autoscaler = new LkeClusterPoolAutoscaler { Min = pool.MinNodes, Max = pool.MaxNodes },
            DiskEncryption = pool.DiskEncryption ? "enabled" : "disabled",
            FirewallId = firewall?.FirewallId,
            Labels = new SortedDictionary<string, string>(pool.Labels.ToDictionary(), StringComparer.Ordinal)
            {
                ["pool"] = pool.Name,
            },
            Taint = pool
                .Taints.Select(taint => new LkeClusterPoolTaint
                {
                    Key = taint.Key,
                    Value = taint.Value,
                    Effect = taint.Effect,
                })
                .ToArray(),
            Tags = [.. Labels.SharedTags(platform)],
        };
}
