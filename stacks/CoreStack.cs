using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Stacks;

/// <summary>
/// Everything that is bought from Linode: network, firewall, cluster, databases, buckets, DNS zone. Its state contains the
/// kubeconfig and the databases' root passwords; neither is an output.
/// </summary>
public sealed class CoreStack : PlatformStack
{
    /// <summary>Composes the stack.</summary>
    public CoreStack(Construct scope, PlatformSpec platform)
        : base(scope, StackNames.Core, platform)
    {
        LinodeApi.AddTo(this);
        var names = ResourceNames.Of(platform);
        var tags = Labels.SharedTags(platform);
        var network = new PrivateNetwork(
            this,
            "network",
            new()
            {
                Label = names.Vpc,
                Region = platform.Region,
                Nodes = new(names.NodesSubnet, platform.Addresses.Nodes),
                DataStores = platform
                    .Applications.Where(environment => environment.DataStore is not null)
                    .ToDictionary(
                        environment => environment.Name.Text,
                        environment => new SubnetSpec(names.DataStoreSubnet(environment), environment.DataStore!.Subnet)
                    ),
            }
        );
        var firewall =
            platform.Tier == ClusterTier.Enterprise
                ? new NodeFirewall(
                    network,
                    "nodes",
                    new()
                    {
                        Label = names.Firewall,
                        Inbound = NodeFirewallRules.For(platform),
                        Tags = tags,
                    }
                )
                : null;
        var cluster = new Cluster(
            this,
            "cluster",
            new()
            {
                Label = names.Cluster,
                Region = platform.Region,
                Tier = platform.Tier,
                KubernetesVersion = platform.KubernetesVersion,
                HighAvailability = platform.HighAvailability,
                Pools = platform.Pools,
                AllowedRanges = ControlPlaneRanges.For(platform),
                Tags = tags,
                Network = network,
                Firewall = firewall,
            }
        );
        Output("cluster_id", cluster.ClusterId);
        Output("cluster_endpoint", Fn.Element(cluster.ApiEndpoints, 0));
        foreach (var environment in platform.Environments)
            _ = new EnvironmentBuckets(
                this,
                $"{environment.Name}-buckets",
                new()
                {
                    Buckets = environment.Buckets.ToDictionary(
                        bucket => bucket.Purpose,
                        bucket => names.Bucket(environment, bucket.Purpose)
                    ),
                    KeyLabel = access => names.Key(environment, access),
                    Region = platform.Region,
                    Endpoint = platform.State.Endpoint,
                }
            );
        foreach (var environment in platform.Applications)
        {
            if (environment.DataStore is not { } store)
                continue;
            var database = new ManagedPostgres(
                this,
                $"{environment.Name}-datastore",
                new()
                {
                    Label = names.Database(environment),
                    Region = platform.Region,
                    DataStore = store,
                    VpcId = network.VpcId,
                    SubnetId = network.DataStoreSubnetId(environment.Name.Text),
                    AllowedFrom = [platform.Addresses.Nodes],
                }
            );
            Output(CoreOutputs.DataStoreHost(environment), database.Host);
            Output(CoreOutputs.DataStorePort(environment), database.Port);
        }
        _ = new DnsZone(
            this,
            "dns",
            new()
            {
                Zone = platform.DnsZone,
                Email = platform.Contacts.Team,
                Tags = tags,
            }
        );
    }

    private void Output(string name, object value) =>
        _ = new TerraformOutput(this, name, new TerraformOutputConfig { Value = value, StaticId = true });
}
