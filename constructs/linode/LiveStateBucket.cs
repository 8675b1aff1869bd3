using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.ObjectStorageBucket;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Linode;

/// <summary>Input of <see cref="LiveStateBucket"/>.</summary>
public sealed record LiveStateBucketProps
{
    /// <summary>Name and endpoint.</summary>
    public required StateStorage Storage { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }
}

/// <summary>
/// The bucket of the live state. Never versioned: on a versioned bucket Terraform's lock file does not lock (measured). The
/// versions are in the archive.
/// </summary>
public sealed class LiveStateBucket : Construct
{
    /// <summary>Creates the bucket.</summary>
    public LiveStateBucket(Construct scope, string id, LiveStateBucketProps props)
        : base(scope, id)
    {
        var bucket = new ObjectStorageBucket(
            this,
            "bucket",
            new ObjectStorageBucketConfig
            {
                Label = props.Storage.Bucket,
                Region = props.Region,
                S3Endpoint = props.Storage.Endpoint,
                Acl = "private",
                Lifecycle = new TerraformResourceLifecycle { PreventDestroy = true },
            }
        );
        Name = bucket.Label;
    }

    /// <summary>The bucket's name, as a reference to the resource.</summary>
    public string Name { get; }
}
