namespace InfraCdktf.Environments.Model;

/// <summary>A bucket of the environment.</summary>
/// <param name="Purpose">media, backups, logs, static, ...: the last part of its name.</param>
public sealed record BucketSpec(string Purpose);
