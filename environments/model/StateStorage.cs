namespace InfraCdktf.Environments.Model;

/// <summary>The buckets of Terraform's state.</summary>
public sealed record StateStorage
{
    /// <summary>
    /// The live bucket. It is never versioned: on a versioned bucket Terraform's lock file does not lock (measured).
    /// </summary>
    public required string Bucket { get; init; }

    /// <summary>The archive bucket, with object lock. Only <c>state bootstrap</c> creates it.</summary>
    public required string ArchiveBucket { get; init; }

    /// <summary>
    /// The host of an object-storage endpoint of type E2 or E3 in the platform's region. With the region alone Linode may choose
    /// an E1 endpoint.
    /// </summary>
    public required string Endpoint { get; init; }

    /// <summary>The number of versions of each stack that the archive keeps, at least 30.</summary>
    public int Versions { get; init; } = 30;

    /// <summary>The number of days for which audit records are locked, at least 90.</summary>
    public int AuditDays { get; init; } = 90;
}
