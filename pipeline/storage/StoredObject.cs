namespace InfraCdktf.Pipeline.Storage;

/// <summary>An object as a listing shows it. Everything else needs the state key.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When it was written, by the store's clock.</param>
public sealed record StoredObject(string Key, long Size, DateTimeOffset Modified)
{
    /// <summary>The id of the version, in a versioned bucket; null otherwise.</summary>
    public string? Version { get; init; }

    /// <summary>True if a read without a version returns this version.</summary>
    public bool Latest { get; init; } = true;

    /// <summary>True if this version only marks the object as deleted.</summary>
    public bool DeleteMarker { get; init; }
}

/// <summary>How an object is written.</summary>
public sealed record WriteOptions
{
    /// <summary>
    /// Write only if the object does not exist (<c>If-None-Match: *</c>). Only an unversioned bucket honours it (measured).
    /// </summary>
    public bool OnlyIfAbsent { get; init; }

    /// <summary>
    /// Until when this version cannot be deleted, in compliance mode: governance mode can be bypassed (measured). Null: not
    /// locked.
    /// </summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Called with the number of bytes sent, many times during the transfer of a large object.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>The media type.</summary>
    public string ContentType { get; init; } = "application/octet-stream";
}
