namespace InfraCdktf.Pipeline.Storage;

/// <summary>An object as a listing shows it: without the key nothing else is to be had.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When it was written, by the store's clock.</param>
public sealed record StoredObject(string Key, long Size, DateTimeOffset Modified)
{
    /// <summary>Which version it is, on a versioned bucket; null otherwise.</summary>
    public string? Version { get; init; }

    /// <summary>Whether this version is the one that a read without a version gives.</summary>
    public bool Latest { get; init; } = true;

    /// <summary>Whether this version only says that the object was deleted.</summary>
    public bool DeleteMarker { get; init; }
}

/// <summary>How an object is written.</summary>
public sealed record WriteOptions
{
    /// <summary>Write only when nothing lies there (<c>If-None-Match: *</c>). Only an unversioned bucket honours it (measured).</summary>
    public bool OnlyIfAbsent { get; init; }

    /// <summary>Until when nobody can delete this version, in compliance mode: governance can be bypassed (measured). Null: not locked.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Told how many bytes have gone, often while a large object is on its way.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>The media type.</summary>
    public string ContentType { get; init; } = "application/octet-stream";
}
