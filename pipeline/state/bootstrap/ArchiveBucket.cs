using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State.Bootstrap;

/// <summary>
/// The bucket of the archive. Object lock can be set only when a bucket is created, and only through S3: neither the provider's
/// schema nor the API has it. So no Terraform resource manages this bucket.
/// </summary>
public static class ArchiveBucket
{
    /// <summary>Creates the bucket, or adopts the existing one. In both cases it sets the lifecycle.</summary>
    /// <returns>True if it was created.</returns>
    /// <exception cref="PipelineException">The bucket exists without object lock.</exception>
    public static async Task<bool> EnsureAsync(Bucket bucket, CancellationToken cancellation)
    {
        var locks = await HasObjectLockAsync(bucket, cancellation);
        if (locks is null)
        {
            var request = new PutBucketRequest { BucketName = bucket.Address.Name, ObjectLockEnabledForBucket = true };
            bucket.NoteChange();
            await bucket.CallAsync("create", "the bucket", () => bucket.Client.PutBucketAsync(request, cancellation));
        }
        else if (locks == false)
        {
            throw new PipelineException(
                $"{bucket.Address}: exists without object lock, and object lock can be set only when a bucket is created. "
                    + "Name another bucket in the inventory (state.archiveBucket), or delete this one."
            );
        }
        await SetLifecycleAsync(bucket, cancellation);
        return locks is null;
    }

    /// <summary>True if the bucket has object lock; null if there is no such bucket.</summary>
    public static async Task<bool?> HasObjectLockAsync(Bucket bucket, CancellationToken cancellation)
    {
        try
        {
            var request = new GetObjectLockConfigurationRequest { BucketName = bucket.Address.Name };
            var answer = await bucket.CallAsync(
                "ask about",
                "object lock",
                () => bucket.Client.GetObjectLockConfigurationAsync(request, cancellation)
            );
            return answer.ObjectLockConfiguration?.ObjectLockEnabled == ObjectLockEnabled.Enabled;
        }
        catch (StorageException exception) when (exception.Fault == StorageFault.NotFound)
        {
            return exception.InnerException is AmazonS3Exception { ErrorCode: "NoSuchBucket" } ? null : false;
        }
    }

    /// <summary>Deletes every version in the bucket except the locked ones.</summary>
    /// <returns>The number of locked versions.</returns>
    public static async Task<int> EmptyAsync(Bucket bucket, CancellationToken cancellation)
    {
        var locked = 0;
        foreach (var version in await bucket.ListVersionsAsync("", cancellation).ToListAsync(cancellation))
        {
            try
            {
                await bucket.DeleteAsync(version.Key, version.Version, cancellation);
            }
            catch (StorageException exception) when (exception.Fault is StorageFault.Forbidden or StorageFault.Locked)
            {
                locked++;
            }
        }
        return locked;
    }

    // The rule removes what no command lists: overwritten versions after 30 days, delete markers without a version, and
    // unfinished uploads. The store cannot keep a number of entries (RADOS Gateway drops NewerNoncurrentVersions, measured);
    // Archive.PruneAsync does that. No rule removes a locked version.
    private static async Task SetLifecycleAsync(Bucket bucket, CancellationToken cancellation)
    {
        var request = new PutLifecycleConfigurationRequest
        {
            BucketName = bucket.Address.Name,
            Configuration = new()
            {
                Rules =
                [
                    new()
                    {
                        Id = "clear-up",
                        Status = LifecycleRuleStatus.Enabled,
                        Filter = new() { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = "" } },
                        NoncurrentVersionExpiration = new() { NoncurrentDays = 30 },
                        Expiration = new() { ExpiredObjectDeleteMarker = true },
                        AbortIncompleteMultipartUpload = new() { DaysAfterInitiation = 1 },
                    },
                ],
            },
        };
        await bucket.CallAsync(
            "set the lifecycle of",
            "the bucket",
            () => bucket.Client.PutLifecycleConfigurationAsync(request, cancellation)
        );
    }
}
