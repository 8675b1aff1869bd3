namespace InfraCdktf.Environments.Model;

/// <summary>An object-storage bucket of the environment.</summary>
/// <param name="Purpose">media, backups, logs, static, ...: the last part of its name.</param>
public sealed record BucketSpec(string Purpose);
