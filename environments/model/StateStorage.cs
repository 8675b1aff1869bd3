namespace InfraCdktf.Environments.Model;

/// <summary>The buckets of Terraform's state.</summary>
public sealed record StateStorage
{
    /// <summary>The live bucket, never versioned: on a versioned one Terraform's lock file does not lock (measured).</summary>
    public required string Bucket { get; init; }

    /// <summary>The archive bucket, with object lock; made by <c>state bootstrap</c> alone.</summary>
    public required string ArchiveBucket { get; init; }

    /// <summary>Object Storage endpoint host of type E2 or E3 in the platform's region: the region alone may land on E1.</summary>
    public required string Endpoint { get; init; }

    /// <summary>How many versions of each stack the archive keeps (NFR-009: 30).</summary>
    public int Versions { get; init; } = 30;

    /// <summary>How many days audit records are locked (FR-010: 90).</summary>
    public int AuditDays { get; init; } = 90;
}
