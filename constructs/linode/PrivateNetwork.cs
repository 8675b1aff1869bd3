using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.Vpc;
using HashiCorp.Cdktf.Providers.Linode.VpcSubnet;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Constructs.Linode;

/// <summary>A subnet of the private network.</summary>
/// <param name="Label">Its label, 1-64 characters.</param>
/// <param name="Range">Its IPv4 range.</param>
public sealed record SubnetSpec(string Label, Cidr Range);

/// <summary>Input of <see cref="PrivateNetwork"/>.</summary>
public sealed record PrivateNetworkProps
{
    /// <summary>The VPC's label, 1-64 characters.</summary>
    public required string Label { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The nodes' subnet.</summary>
    public required SubnetSpec Nodes { get; init; }

    /// <summary>The subnet of each environment's database, by the environment's name.</summary>
    public required IReadOnlyDictionary<string, SubnetSpec> DataStores { get; init; }
}

/// <summary>
/// The VPC with one subnet for the nodes and one for each environment's database. Dual stack: LKE Enterprise accepts no other
/// subnet. They are protected against destruction like the cluster in them.
/// </summary>
public sealed class PrivateNetwork : Construct
{
    // Linode reads the argument at creation only: "/52" and "auto" are requests. The provider reads an imported network with the
    // range that was allocated, and would replace it because of that difference (measured, provider 3.13.0).
    private static readonly string[] s_onlyAtCreation = ["ipv6"];

    private readonly Vpc _vpc;
    private readonly VpcSubnet _nodes;
    private readonly Dictionary<string, VpcSubnet> _dataStores;

    /// <summary>Creates the VPC and its subnets.</summary>
    public PrivateNetwork(Construct scope, string id, PrivateNetworkProps props)
        : base(scope, id)
    {
        _vpc = new Vpc(
            this,
            "vpc",
            new VpcConfig
            {
                Label = props.Label,
                Description = "Private network of the nodes and the databases.",
                Region = props.Region,
                // The prefix length that Linode allocates from its own space.
                Ipv6 = new[] { new VpcIpv6 { Range = "/52" } },
                Lifecycle = Kept(),
            }
        );
        _nodes = Subnet("nodes-subnet", props.Nodes);
        _dataStores = props.DataStores.ToDictionary(
            store => store.Key,
            store => Subnet($"{store.Key}-datastore-subnet", store.Value)
        );
    }

    /// <summary>The VPC's id.</summary>
    public double VpcId => Token.AsNumber(_vpc.Id);

    /// <summary>The id of the nodes' subnet.</summary>
    public double NodesSubnetId => Token.AsNumber(_nodes.Id);

    /// <summary>The id of the subnet of an environment's database.</summary>
    /// <param name="environment">The environment's name.</param>
    public double DataStoreSubnetId(string environment) => Token.AsNumber(_dataStores[environment].Id);

    private VpcSubnet Subnet(string id, SubnetSpec subnet) =>
        new(
            this,
            id,
            new VpcSubnetConfig
            {
                VpcId = VpcId,
                Label = subnet.Label,
                Ipv4 = subnet.Range.Text,
                Ipv6 = new[] { new VpcSubnetIpv6 { Range = "auto" } },
                Lifecycle = Kept(),
            }
        );

    private static TerraformResourceLifecycle Kept() => new() { PreventDestroy = true, IgnoreChanges = s_onlyAtCreation };
}
