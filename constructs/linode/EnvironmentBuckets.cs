using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.ObjectStorageBucket;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Linode;

/// <summary>Input of <see cref="EnvironmentBuckets"/>.</summary>
public sealed record EnvironmentBucketsProps
{
    /// <summary>The name of each bucket, by its purpose. The purpose is part of its state address.</summary>
    public required IReadOnlyDictionary<string, string> Buckets { get; init; }

    /// <summary>The label of the key with each kind of access.</summary>
    public required Func<KeyAccess, string> KeyLabel { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The Object Storage endpoint host.</summary>
    public required string Endpoint { get; init; }
}

/// <summary>
/// The buckets of one environment, with one key that reads and one key that writes them and no other bucket. Versioning and
/// lifecycle are not arguments here: with them the provider needs S3 keys at every plan and at destroy (measured).
/// </summary>
public sealed class EnvironmentBuckets : Construct
{
    /// <summary>Creates the buckets and the keys.</summary>
    public EnvironmentBuckets(Construct scope, string id, EnvironmentBucketsProps props)
        : base(scope, id)
    {
        var buckets = props
            .Buckets.Select(bucket =>
                new ObjectStorageBucket(
                    this,
                    bucket.Key,
                    new ObjectStorageBucketConfig
                    {
                        Label = bucket.Value,
                        Region = props.Region,
                        S3Endpoint = props.Endpoint,
                        Acl = "private",
                        Lifecycle = new TerraformResourceLifecycle { PreventDestroy = true },
                    }
                ).Label
            )
            .ToList();
        foreach (var access in buckets.Count > 0 ? Enum.GetValues<KeyAccess>() : [])
        {
            _ = new LimitedKey(
                this,
                access == KeyAccess.Read ? "read" : "write",
                new()
                {
                    Label = props.KeyLabel(access),
                    Access = access,
                    Region = props.Region,
                    Buckets = buckets,
                }
            );
        }
    }
}
