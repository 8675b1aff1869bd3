using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Environments.Linode;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State.Doctor;

/// <summary>
/// The checks of the two buckets. They test the buckets' behaviour, because a store may report one thing and do another.
/// </summary>
internal sealed class BucketChecks(Workspace workspace, StateBuckets buckets)
{
    private const int Writers = 8;
    private const int Races = 3;

    /// <summary>The folder of the objects that the checks write. A killed doctor leaves them.</summary>
    internal const string ProbeFolder = Bucket.TestFolder;

    // S3 refuses every call at a difference of more than 15 minutes (RequestTimeTooSkewed). A difference of one minute already
    // shows a clock that is not synchronized.
    private static readonly TimeSpan _skew = TimeSpan.FromMinutes(1);

    // Without a network every call would take its own time limit.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>The check that says that the store cannot be reached: then no other check of it is made.</summary>
    internal const string Store = "store";

    private readonly StateKey _probeKey = StateKey.Generate();

    public IReadOnlyList<Func<CancellationToken, Task<Finding>>> All =>
        [EndpointAsync, ClockAsync, VersioningAsync, LockAsync, ReaderAsync, ObjectLockAsync];

    private Task<Finding> EndpointAsync(CancellationToken cancellation)
    {
        var (platform, host) = (workspace.Platform, workspace.Platform.State.Endpoint);
        if (buckets.Live.Address.Endpoint.Host != host)
        {
            return Task.FromResult(
                Finding.Unknown(
                    "endpoint",
                    null,
                    $"calls go to {buckets.Live.Address.Endpoint} instead of {host}",
                    $"Except in tests, unset {BucketAddress.EndpointVariable}."
                )
            );
        }
        var type = LinodeFacts
            .Regions.GetValueOrDefault(platform.Region)
            ?.Endpoints.FirstOrDefault(endpoint => endpoint.Host == host)
            ?.Type;
        return Task.FromResult(
            type switch
            {
                "E2" or "E3" => Finding.Good("endpoint", null, $"{host} has type {type}"),
                null => Finding.Unknown(
                    "endpoint",
                    null,
                    $"the type of {host} is not known",
                    "Check \"linode-cli object-storage endpoints\": the type must be E2 or E3."
                ),
                _ => Finding.Wrong(
                    "endpoint",
                    null,
                    $"{host} has the legacy type {type}",
                    "Name an endpoint of type E2 or E3 in the inventory (state.endpoint)."
                ),
            }
        );
    }

    private async Task<Finding> ClockAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = _patience };
        DateTimeOffset? theirs;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, buckets.Live.Address.Endpoint);
            using var response = await http.SendAsync(request, cancellation);
            theirs = response.Headers.Date;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return Finding.Unknown(
                Store,
                null,
                $"{buckets.Live.Address.Endpoint} does not answer: {exception.GetBaseException().Message.TrimEnd('.')}; "
                    + "buckets and states were not checked",
                "Check that the endpoint can be reached from this machine, then run \"state doctor\" again."
            );
        }
        if (theirs is null)
            return Finding.Unknown(
                "clock",
                null,
                "the store's answer has no time",
                "Compare this machine's clock with another clock."
            );
        var skew = (workspace.Time.GetUtcNow() - theirs.Value).Duration();
        var seconds = ((int)skew.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return skew <= _skew
            ? Finding.Good("clock", null, $"it differs by {seconds} s from the store's clock")
            : Finding.Wrong(
                "clock",
                null,
                $"it differs by {seconds} s from the store's clock; at more than 900 s the store refuses every call",
                "Synchronize this machine's clock (timedatectl set-ntp true)."
            );
    }

    private async Task<Finding> VersioningAsync(CancellationToken cancellation)
    {
        const string check = "versioning of the live bucket";
        if (await StatusAsync(buckets.Live, cancellation) is not { } status)
            return Finding.Unknown(
                check,
                null,
                "the access key may not read this setting",
                "The check \"lock\" shows whether the lock works."
            );
        return status == VersionStatus.Enabled
            ? Finding.Wrong(check, null, "on, and Terraform's lock does not work on a versioned bucket", Replace)
            : Finding.Good(check, null, "off");
    }

    /// <summary>
    /// Several writers create the same absent object at once, as Terraform does with its lock. Exactly one may succeed.
    /// </summary>
    private async Task<Finding> LockAsync(CancellationToken cancellation)
    {
        const string check = "lock";
        for (var race = 0; race < Races; race++)
        {
            var probe = $"{ProbeFolder}{Guid.NewGuid():N}";
            int winners;
            try
            {
                winners = (
                    await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => TryCreateAsync(probe, cancellation)))
                ).Count(won => won);
            }
            finally
            {
                await RemoveAsync(probe);
            }
            if (winners != 1)
            {
                return Finding.Wrong(
                    check,
                    null,
                    $"{winners} of {Writers} writers took the same lock in {buckets.Live.Address.Name}; two applies of one "
                        + "stack could run at the same time",
                    Replace
                );
            }
        }
        return Finding.Good(check, null, $"exactly one of {Writers} writers took it, in each of {Races} tests");
    }

    private async Task<Finding> ReaderAsync(CancellationToken cancellation)
    {
        const string check = "read-only key";
        var (id, secret) = ("PLAN_ACCESS_KEY_ID", "PLAN_SECRET_ACCESS_KEY");
        if (StateBuckets.Credentials(workspace.Environment, id, secret) is not { } credentials)
            return Finding.Unknown(
                check,
                null,
                "none is given, so none was tested",
                $"Set {id} and {secret} to the key for plans."
            );
        var refused = new List<string>();
        foreach (var address in new[] { buckets.Live.Address, buckets.Archive.Address })
        {
            using var reader = new Bucket(address, credentials);
            var probe = $"{ProbeFolder}{Guid.NewGuid():N}";
            try
            {
                using var content = new MemoryStream([0]);
                await reader.PutAsync(probe, content, _probeKey, new(), cancellation);
                await RemoveAsync(probe, address == buckets.Archive.Address ? buckets.Archive : buckets.Live);
                return Finding.Wrong(
                    check,
                    null,
                    $"it could write into {address.Name}",
                    "Create a read_only key with \"state bootstrap\", then revoke this one."
                );
            }
            catch (StorageException exception) when (exception.Fault == StorageFault.Forbidden)
            {
                refused.Add(address.Name);
            }
        }
        return Finding.Good(check, null, $"it cannot write into {string.Join(" and ", refused)}");
    }

    private async Task<Finding> ObjectLockAsync(CancellationToken cancellation)
    {
        const string check = "object lock of the archive";
        var name = buckets.Archive.Address.Name;
        try
        {
            var answer = await buckets.Archive.CallAsync(
                "ask about",
                "object lock",
                () =>
                    buckets.Archive.Client.GetObjectLockConfigurationAsync(
                        new GetObjectLockConfigurationRequest { BucketName = name },
                        cancellation
                    )
            );
            if (answer.ObjectLockConfiguration?.ObjectLockEnabled == ObjectLockEnabled.Enabled)
                return Finding.Good(check, null, $"on in {name}");
        }
        catch (StorageException exception) when (exception.Fault == StorageFault.Forbidden)
        {
            return Finding.Unknown(check, null, "the access key may not read this setting", "Use the key of the bucket's owner.");
        }
        catch (StorageException exception)
            when (exception
                    is {
                        Fault: StorageFault.NotFound,
                        InnerException: AmazonS3Exception { ErrorCode: "ObjectLockConfigurationNotFoundError" }
                    }
            )
        {
            // No object lock: reported below.
        }
        return Finding.Wrong(
            check,
            null,
            $"off in {name}, so anyone with its key can remove audit records",
            "It can be set only when a bucket is created. Name another bucket in the inventory (state.archiveBucket), and "
                + "run \"state bootstrap\"."
        );
    }

    private string Replace =>
        "Versioning cannot be undone. Name a new bucket in the inventory (state.bucket), run \"state bootstrap\", and move "
        + "each state with \"terraform init -migrate-state\".";

    private static async Task<VersionStatus?> StatusAsync(Bucket bucket, CancellationToken cancellation)
    {
        try
        {
            var request = new GetBucketVersioningRequest { BucketName = bucket.Address.Name };
            var answer = await bucket.CallAsync(
                "ask about",
                "versions",
                () => bucket.Client.GetBucketVersioningAsync(request, cancellation)
            );
            return answer.VersioningConfig?.Status ?? VersionStatus.Off;
        }
        catch (StorageException exception) when (exception.Fault == StorageFault.Forbidden)
        {
            return null;
        }
    }

    private async Task<bool> TryCreateAsync(string probe, CancellationToken cancellation)
    {
        try
        {
            using var content = new MemoryStream([0]);
            await buckets.Live.PutAsync(probe, content, _probeKey, new() { OnlyIfAbsent = true }, cancellation);
            return true;
        }
        catch (StorageException exception) when (exception.Fault == StorageFault.Taken)
        {
            return false;
        }
    }

    private Task RemoveAsync(string probe) => RemoveAsync(probe, buckets.Live);

    // Removes every version of the object, because a versioned bucket keeps them. It also runs after a stop on request.
    private static async Task RemoveAsync(string probe, Bucket bucket)
    {
        if (await StatusAsync(bucket, CancellationToken.None) is not { } status || status == VersionStatus.Off)
        {
            await bucket.DeleteAsync(probe, version: null, CancellationToken.None);
            return;
        }
        await foreach (var version in bucket.ListVersionsAsync(probe, CancellationToken.None))
            await bucket.DeleteAsync(version.Key, version.Version, CancellationToken.None);
    }
}
