using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Stacks;

/// <summary>
/// Everything that is bought from Linode: network, firewall, cluster, databases, buckets, DNS zone. Its state holds the kubeconfig and the
/// databases' root passwords; nothing of that is an output.
/// </summary>
public sealed class CoreStack : PlatformStack
{
    /// <summary>Composes the stack.</summary>
    public CoreStack(Construct scope, PlatformSpec platform)
        : base(scope, StackNames.Core, platform)
    {
        Providers.Linode(this);
        var network = new PrivateNetwork(this, "network", new() { Platform = platform });
        var cluster = new Cluster(
            this,
            "cluster",
            new()
            {
                Platform = platform,
                Network = network,
                Firewall =
                    platform.Tier == ClusterTier.Enterprise
                        ? new NodeFirewall(network, "nodes", new() { Platform = platform })
                        : null,
            }
        );
        Output("cluster_id", cluster.ClusterId);
        Output("cluster_endpoint", Fn.Element(cluster.ApiEndpoints, 0));
        foreach (EnvironmentSpec environment in platform.Environments)
        {
            _ = new EnvironmentBuckets(
                this,
                $"{environment.Name}-buckets",
                new() { Platform = platform, Environment = environment }
            );
            if (environment.DataStore is { } store)
                DataStore(platform, network, environment, store);
        }
        _ = new DnsZone(this, "dns", new() { Platform = platform });
    }

    private void DataStore(PlatformSpec platform, PrivateNetwork network, EnvironmentSpec environment, DataStore store)
    {
        var database = new ManagedPostgres(
            this,
            $"{environment.Name}-datastore",
            new()
            {
                Label = ResourceNames.Of(platform).Database(environment),
                Region = platform.Region,
                DataStore = store,
                VpcId = network.VpcId,
                SubnetId = network.DataStoreSubnetId(environment),
                AllowedFrom = [platform.Addresses.Nodes],
            }
        );
        Output(CoreOutputs.DataStoreHost(environment), database.Host);
        Output(CoreOutputs.DataStorePort(environment), database.Port);
    }

    private void Output(string name, object value) =>
        _ = new TerraformOutput(this, name, new TerraformOutputConfig { Value = value, StaticId = true });
}
