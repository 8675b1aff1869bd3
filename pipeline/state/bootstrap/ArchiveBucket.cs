using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State.Bootstrap;

/// <summary>
/// The bucket of the archive. Object lock can only be set when a bucket is made, and only through S3 (it is in neither the provider's schema nor the
/// API), so no Terraform resource stands for it.
/// </summary>
public static class ArchiveBucket
{
    /// <summary>Makes it, or adopts the one that is there.</summary>
    /// <returns>True when it was made.</returns>
    /// <exception cref="PipelineException">There is one without object lock.</exception>
    public static async Task<bool> EnsureAsync(Bucket bucket, CancellationToken cancellation)
    {
        if (await HasObjectLockAsync(bucket, cancellation) is not { } locks)
        {
            var request = new PutBucketRequest { BucketName = bucket.Address.Name, ObjectLockEnabledForBucket = true };
            await bucket.CallAsync("make", "the bucket", () => bucket.Client.PutBucketAsync(request, cancellation));
            return true;
        }
        return locks
            ? false
            : throw new PipelineException(
                $"{bucket.Address}: is there, without object lock, and that can only be set when a bucket is made. Name another bucket in the inventory (state.archiveBucket), or delete this one."
            );
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
}
