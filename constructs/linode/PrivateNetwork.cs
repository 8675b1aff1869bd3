using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.Vpc;
using HashiCorp.Cdktf.Providers.Linode.VpcSubnet;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Constructs.Linode;

/// <summary>What <see cref="PrivateNetwork"/> needs.</summary>
public sealed record PrivateNetworkProps
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }
}

/// <summary>
/// The VPC with one subnet for the nodes and one for each environment's database. Dual stack, because LKE Enterprise accepts no other
/// subnet of ours.
/// </summary>
public sealed class PrivateNetwork : Construct
{
    private readonly Vpc _vpc;
    private readonly Dictionary<string, VpcSubnet> _dataStores = [];

    /// <summary>Makes the VPC and its subnets.</summary>
    public PrivateNetwork(Construct scope, string id, PrivateNetworkProps props)
        : base(scope, id)
    {
        PlatformSpec platform = props.Platform;
        ResourceNames naming = ResourceNames.Of(platform);
        _vpc = new Vpc(
            this,
            "vpc",
            new VpcConfig
            {
                Label = naming.Vpc,
                Region = platform.Region,
                // The prefix length that Linode allocates from its own space.
                Ipv6 = new[] { new VpcIpv6 { Range = "/52" } },
            }
        );
        Nodes = Subnet("nodes-subnet", naming.NodesSubnet, platform.Addresses.Nodes);
        foreach (EnvironmentSpec environment in platform.Applications)
        {
            if (environment.DataStore is { } store)
                _dataStores[environment.Name.Text] = Subnet(
                    $"{environment.Name}-datastore-subnet",
                    naming.DataStoreSubnet(environment),
                    store.Subnet
                );
        }
    }

    /// <summary>The VPC's id.</summary>
    public double VpcId => Token.AsNumber(_vpc.Id);

    /// <summary>The id of the nodes' subnet.</summary>
    public double NodesSubnetId => Token.AsNumber(Nodes.Id);

    private VpcSubnet Nodes { get; }

    /// <summary>The id of the subnet that an environment's database sits in.</summary>
    public double DataStoreSubnetId(EnvironmentSpec environment) => Token.AsNumber(_dataStores[environment.Name.Text].Id);

    private VpcSubnet Subnet(string id, string label, Cidr range) =>
        new(
            this,
            id,
            new VpcSubnetConfig
            {
                VpcId = VpcId,
                Label = label,
                Ipv4 = range.Text,
                Ipv6 = new[] { new VpcSubnetIpv6 { Range = "auto" } },
            }
        );
}
