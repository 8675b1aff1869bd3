namespace InfraCdktf.Environments.Model;

/// <summary>A bucket of the environment.</summary>
/// <param name="Purpose">media, backups, logs, static, ...: the last part of its name.</param>
/// <param name="Versioned">True when old versions are kept. Set through S3 by our own command: as an argument of the resource it
/// would need an unlimited key at every plan (measured).</param>
/// <param name="ExpireAfterDays">Days until objects (old versions, where versioned) are deleted; 0 for never.</param>
public sealed record BucketSpec(string Purpose, bool Versioned, int ExpireAfterDays);
