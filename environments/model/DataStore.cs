using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>A managed PostgreSQL cluster on the private network.</summary>
public sealed record DataStore
{
    /// <summary>PostgreSQL's major version, at least 15.</summary>
    public required int PostgresVersion { get; init; }

    /// <summary>The Linode plan of each node ("g6-dedicated-2").</summary>
    public required string Type { get; init; }

    /// <summary>1, 2 or 3 nodes; 2 only on dedicated plans.</summary>
    public required int Nodes { get; init; }

    /// <summary>The subnet of this environment's database; nothing else is in it.</summary>
    public required Cidr Subnet { get; init; }

    /// <summary>The day of the weekly maintenance window, 1 = Monday to 7 = Sunday.</summary>
    public int MaintenanceDay { get; init; } = 7;

    /// <summary>The hour (UTC, 0-23) at which the four-hour maintenance window starts.</summary>
    public int MaintenanceHour { get; init; } = 2;
}
