using Constructs;
using HashiCorp.Cdktf.Providers.Linode.ObjectStorageKey;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Linode;

/// <summary>Input of <see cref="LimitedKey"/>.</summary>
public sealed record LimitedKeyProps
{
    /// <summary>The key's label.</summary>
    public required string Label { get; init; }

    /// <summary>Its rights.</summary>
    public required KeyAccess Access { get; init; }

    /// <summary>The region of the buckets.</summary>
    public required string Region { get; init; }

    /// <summary>The buckets it gives access to; at most 25 (Linode).</summary>
    public required IReadOnlyList<string> Buckets { get; init; }
}

/// <summary>
/// An object-storage key for the named buckets and no others. A change of its rights replaces it. The API shows its secret only
/// at creation, and the secret is in this stack's state: therefore the state is encrypted with a key of the platform.
/// </summary>
public sealed class LimitedKey : Construct
{
    /// <summary>Creates the key.</summary>
    public LimitedKey(Construct scope, string id, LimitedKeyProps props)
        : base(scope, id)
    {
        _ = new ObjectStorageKey(
            this,
            "key",
            new ObjectStorageKeyConfig
            {
                Label = props.Label,
                BucketAccess = props
                    .Buckets.Select(bucket => new ObjectStorageKeyBucketAccess
                    {
                        BucketName = bucket,
                        Region = props.Region,
                        Permissions = props.Access == KeyAccess.Read ? "read_only" : "read_write",
                    })
                    .ToArray(),
            }
        );
    }
}
