using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.ObjectStorageBucket;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Linode;

/// <summary>What <see cref="EnvironmentBuckets"/> needs.</summary>
public sealed record EnvironmentBucketsProps
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }

    /// <summary>Whose buckets.</summary>
    public required EnvironmentSpec Environment { get; init; }
}

/// <summary>
/// The buckets of one environment and a read and a write key to them alone. Versioning and lifecycle are not arguments here: with them the provider
/// needs S3 keys at every plan and at destroy (measured).
/// </summary>
public sealed class EnvironmentBuckets : Construct
{
    /// <summary>Makes the buckets and the keys.</summary>
    public EnvironmentBuckets(Construct scope, string id, EnvironmentBucketsProps props)
        : base(scope, id)
    {
        var (platform, environment) = (props.Platform, props.Environment);
        ResourceNames naming = ResourceNames.Of(platform);
        var names = environment
            .Buckets.Select(bucket =>
                new ObjectStorageBucket(
                    this,
                    bucket.Purpose,
                    new ObjectStorageBucketConfig
                    {
                        Label = naming.Bucket(environment, bucket.Purpose),
                        Region = platform.Region,
                        S3Endpoint = platform.State.Endpoint,
                        Acl = "private",
                        Lifecycle = new TerraformResourceLifecycle { PreventDestroy = true },
                    }
                ).Label
            )
            .ToList();
        foreach (var access in names.Count > 0 ? Enum.GetValues<KeyAccess>() : [])
        {
            _ = new LimitedKey(
                this,
                access == KeyAccess.Read ? "read" : "write",
                new()
                {
                    Label = naming.Key(environment, access),
                    Access = access,
                    Region = platform.Region,
                    Buckets = names,
                }
            );
        }
    }
}
