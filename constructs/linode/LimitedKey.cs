using Constructs;
using HashiCorp.Cdktf.Providers.Linode.ObjectStorageKey;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Linode;

/// <summary>What <see cref="LimitedKey"/> needs.</summary>
public sealed record LimitedKeyProps
{
    /// <summary>The key's label.</summary>
    public required string Label { get; init; }

    /// <summary>What it may do.</summary>
    public required KeyAccess Access { get; init; }

    /// <summary>The region of the buckets.</summary>
    public required string Region { get; init; }

    /// <summary>The only buckets it opens; at most 25 (Linode).</summary>
    public required IReadOnlyList<string> Buckets { get; init; }
}

/// <summary>
/// An object-storage key that opens the named buckets and nothing else. A change of what it may do replaces it. Its secret is shown by the API
/// once and lies in this stack's state: one more reason why state is encrypted with a key of ours.
/// </summary>
public sealed class LimitedKey : Construct
{
    /// <summary>Makes the key.</summary>
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
