using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.DatabasePostgresqlV2;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Constructs.Linode;

/// <summary>Input of <see cref="ManagedPostgres"/>.</summary>
public sealed record ManagedPostgresProps
{
    /// <summary>The label, 3-32 characters.</summary>
    public required string Label { get; init; }

    /// <summary>The region, the VPC's own.</summary>
    public required string Region { get; init; }

    /// <summary>Plan, nodes, version and maintenance window.</summary>
    public required DataStore DataStore { get; init; }

    /// <summary>The VPC's id.</summary>
    public required double VpcId { get; init; }

    /// <summary>The id of the subnet that holds this database and nothing else.</summary>
    public required double SubnetId { get; init; }

    /// <summary>The ranges that may connect: the nodes. Without a range no connection is possible.</summary>
    public required IReadOnlyList<Cidr> AllowedFrom { get; init; }
}

/// <summary>
/// A managed PostgreSQL cluster without a public address. Linode takes daily backups, keeps seven, and restores by forking. Its
/// root password and CA are in this stack's state; its port is assigned by Linode and is never 5432.
/// </summary>
public sealed class ManagedPostgres : Construct
{
    private readonly DatabasePostgresqlV2 _database;

    /// <summary>Creates the database.</summary>
    public ManagedPostgres(Construct scope, string id, ManagedPostgresProps props)
        : base(scope, id)
    {
        var store = props.DataStore;
        _database = new DatabasePostgresqlV2(
            this,
            "database",
            new DatabasePostgresqlV2Config
            {
                Label = props.Label,
                Region = props.Region,
                EngineId = $"postgresql/{store.PostgresVersion}",
                Type = store.Type,
                ClusterSize = store.Nodes,
                AllowList = props.AllowedFrom.Select(range => range.Text).ToArray(),
                // Removing this argument crashes the provider (measured), so it is always set.
                PrivateNetwork = new DatabasePostgresqlV2PrivateNetwork
                {
                    VpcId = props.VpcId,
                    SubnetId = props.SubnetId,
                    PublicAccess = false,
                },
                // Any other duration or frequency taints the database after its creation (measured).
                Updates = new DatabasePostgresqlV2Updates
                {
                    DayOfWeek = store.MaintenanceDay,
                    HourOfDay = store.MaintenanceHour,
                    Duration = 4,
                    Frequency = "weekly",
                },
                Lifecycle = new TerraformResourceLifecycle { PreventDestroy = true },
            }
        );
    }

    /// <summary>The host that writes go to.</summary>
    public string Host => _database.HostPrimary;

    /// <summary>The port that Linode assigned.</summary>
    public double Port => _database.Port;
}
