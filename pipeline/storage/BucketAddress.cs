using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>Where a bucket is.</summary>
/// <param name="Name">The bucket.</param>
/// <param name="Region">The region that signatures name.</param>
/// <param name="Endpoint">The S3 endpoint: https, or http on loopback.</param>
public sealed record BucketAddress(string Name, string Region, Uri Endpoint)
{
    /// <summary>The variable that sends all S3 calls elsewhere, as AWS's own tools understand it; the sandbox and the tests set it.</summary>
    public const string EndpointVariable = "AWS_ENDPOINT_URL_S3";

    /// <summary>The bucket of the live state, as the synthesized backends name it.</summary>
    /// <param name="platform">The inventory.</param>
    /// <param name="environment">The caller's environment; <see cref="EndpointVariable"/> is read.</param>
    public static BucketAddress Live(PlatformSpec platform, IReadOnlyDictionary<string, string> environment)
    {
        var address = StateAddress.Of(platform, StackNames.State);
        return new(address.Bucket, address.Region, Redirected(environment) ?? new(address.Endpoint));
    }

    /// <summary>The bucket of the archive: the same place, another bucket.</summary>
    public static BucketAddress Archive(PlatformSpec platform, IReadOnlyDictionary<string, string> environment) =>
        Live(platform, environment) with
        {
            Name = platform.State.ArchiveBucket,
        };

    /// <inheritdoc/>
    public override string ToString() => $"bucket {Name} at {Endpoint}";

    private static Uri? Redirected(IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault(EndpointVariable) is { Length: > 0 } given ? new(given) : null;
}
