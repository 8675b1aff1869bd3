using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State.Bootstrap;

/// <summary>
/// The bucket of the archive. Object lock can only be set when a bucket is made, and only through S3 (it is in neither the provider's schema nor the
/// API), so no Terraform resource stands for it.
/// </summary>
public static class ArchiveBucket
{
    /// <summary>Makes it, or adopts the one that is there; in both cases its lifecycle is set.</summary>
    /// <returns>True when it was made.</returns>
    /// <exception cref="PipelineException">There is one without object lock.</exception>
    public static async Task<bool> EnsureAsync(Bucket bucket, CancellationToken cancellation)
    {
        var locks = await HasObjectLockAsync(bucket, cancellation);
        if (locks is null)
        {
            var request = new PutBucketRequest { BucketName = bucket.Address.Name, ObjectLockEnabledForBucket = true };
            await bucket.CallAsync("make", "the bucket", () => bucket.Client.PutBucketAsync(request, cancellation));
        }
        else if (locks == false)
        {
            throw new PipelineException(
                $"{bucket.Address}: is there, without object lock, and that can only be set when a bucket is made. Name another bucket in the inventory (state.archiveBucket), or delete this one."
            );
        }
        await SetLifecycleAsync(bucket, cancellation);
        return locks is null;
    }

    /// <summary>Whether it locks; null when there is no such bucket.</summary>
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

    /// <summary>Deletes every version in it, but those that are locked.</summary>
    /// <returns>How many are locked.</returns>
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

    // What no command sees: overwritten versions after 30 days, markers that only hide something, uploads that were never finished. Counting to 30
    // entries is not among what a store can do (RADOS Gateway drops NewerNoncurrentVersions, measured): that is Archive.PruneAsync. Locked versions
    // stay whatever a rule says.
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
