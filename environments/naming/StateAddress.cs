using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments.Naming;

/// <summary>Where one stack's state lies: the one place that both the synthesized backend and the pipeline read.</summary>
/// <param name="Bucket">The live bucket, unversioned.</param>
/// <param name="Key">The object's key: <c>{stack}/terraform.tfstate</c>; Terraform's lock lies beside it (<see cref="LockKey"/>).</param>
/// <param name="Region">The region that signatures name.</param>
/// <param name="Endpoint">The S3 endpoint, an https address.</param>
public sealed record StateAddress(string Bucket, string Key, string Region, string Endpoint)
{
    /// <summary>The key of Terraform's lock.</summary>
    public string LockKey => $"{Key}.tflock";

    /// <summary>The address of a stack's state.</summary>
    public static StateAddress Of(PlatformSpec platform, string stack) =>
        new(platform.State.Bucket, $"{stack}/terraform.tfstate", platform.Region, $"https://{platform.State.Endpoint}");
}
