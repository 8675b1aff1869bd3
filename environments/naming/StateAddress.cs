using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments.Naming;

/// <summary>The location of a stack's state. The synthesized backend and the pipeline both use it.</summary>
/// <param name="Bucket">The live bucket, unversioned.</param>
/// <param name="Key">
/// The object's key: <c>{stack}/terraform.tfstate</c>. Terraform's lock has the key <see cref="LockKey"/>.
/// </param>
/// <param name="Region">The region in the signatures of requests.</param>
/// <param name="Endpoint">The S3 endpoint, an https address.</param>
public sealed record StateAddress(string Bucket, string Key, string Region, string Endpoint)
{
    /// <summary>The key of Terraform's lock.</summary>
    public string LockKey => Key + LockSuffix;

    /// <summary>The end of the key of Terraform's lock.</summary>
    public const string LockSuffix = ".tflock";

    /// <summary>The address of a stack's state.</summary>
    public static StateAddress Of(PlatformSpec platform, string stack) =>
        new(platform.State.Bucket, $"{stack}/terraform.tfstate", platform.Region, $"https://{platform.State.Endpoint}");
}
