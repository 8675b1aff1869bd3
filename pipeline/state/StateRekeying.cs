using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>What came of a change of key.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Fingerprint">Of the new key.</param>
/// <param name="Written">Objects that were written with the new key now.</param>
/// <param name="ThereAlready">Objects that had it already.</param>
/// <param name="KeptWithOldKey">Locked versions of audit records that keep the old key until their days are over; each has a newer version with the new key.</param>
public sealed record RekeyResult(string Stack, string Fingerprint, int Written, int ThereAlready, int KeptWithOldKey);

/// <summary>
/// Gives everything of a stack that lies in the buckets another state key: the live state, every version in the archive, the audit records. Object after object is read with
/// the key it has and written with the new one, so a run that was killed is simply run again; meanwhile readers accept both keys.
/// </summary>
/// <param name="buckets">The buckets; their keys hold the new key and the one before.</param>
/// <param name="platform">The inventory.</param>
/// <param name="stack">The stack.</param>
public sealed class StateRekeying(StateBuckets buckets, PlatformSpec platform, string stack)
{
    private readonly StateKey _new = buckets.Keys.Of(stack);
    private readonly StateKey _old = Previous(buckets.Keys, stack);
    private int _written;
    private int _thereAlready;
    private int _kept;

    /// <summary>Told how many objects are done, and of how many.</summary>
    public Action<int, int>? Progress { get; init; }

    /// <summary>Does it. Its caller holds the stack's lock.</summary>
    public async Task<RekeyResult> RunAsync(CancellationToken cancellation)
    {
        var archived = await VersionsAsync($"{stack}/", cancellation);
        var audits = await VersionsAsync($"audit/{stack}/", cancellation);
        var (done, all) = (0, 1 + archived.Count + audits.Count);

        await RewriteAsync(
            buckets.Live,
            StateAddress.Of(platform, stack).Key,
            "application/json",
            lockedUntil: null,
            cancellation
        );
        Progress?.Invoke(++done, all);
        foreach (var versions in archived.Concat(audits))
        {
            await RekeyAsync(versions, cancellation);
            Progress?.Invoke(++done, all);
        }
        return new(stack, _new.Fingerprint, _written, _thereAlready, _kept);
    }

    private static StateKey Previous(StateKeys keys, string stack)
    {
        if (keys.AllOf(stack) is not [var today, var previous])
        {
            throw new PipelineException(
                $"stack {stack}: set {StateKeys.VariableOf(stack)} to the new key (openssl rand -base64 32) and {StateKeys.PreviousVariableOf(stack)} to the one that it had until now."
            );
        }
        return today.Fingerprint != previous.Fingerprint
            ? previous
            : throw new PipelineException(
                $"stack {stack}: {StateKeys.VariableOf(stack)} and {StateKeys.PreviousVariableOf(stack)} are the same key. Make a new one: openssl rand -base64 32."
            );
    }

    // Manifests last: until all parts of an entry can be read with the new key, its manifest says the old one.
    private async Task<IReadOnlyList<IReadOnlyList<StoredObject>>> VersionsAsync(string prefix, CancellationToken cancellation) =>
        [
            .. (await buckets.Archive.ListVersionsAsync(prefix, cancellation).ToListAsync(cancellation))
                .GroupBy(item => item.Key, StringComparer.Ordinal)
                .OrderBy(versions => IsManifest(versions.Key))
                .Select(versions => versions.ToList()),
        ];

    private static bool IsManifest(string key) => key.EndsWith("/manifest.json", StringComparison.Ordinal);

    private async Task RekeyAsync(IReadOnlyList<StoredObject> versions, CancellationToken cancellation)
    {
        var latest = versions.SingleOrDefault(item => item.Latest);
        if (latest is { DeleteMarker: false })
            await RewriteAsync(
                buckets.Archive,
                latest.Key,
                contentType: null,
                await LockedUntilAsync(latest, cancellation),
                cancellation
            );
        // What a newer version has replaced; the one that was latest until now among it.
        var today = (await buckets.Archive.ListVersionsAsync(versions[0].Key, cancellation).ToListAsync(cancellation)).Where(
            item => item.Key == versions[0].Key
        );
        foreach (var item in today.Where(item => !item.Latest))
            await RemoveAsync(item, cancellation);
    }

    private async Task RewriteAsync(
        Bucket bucket,
        string key,
        string? contentType,
        DateTimeOffset? lockedUntil,
        CancellationToken cancellation
    )
    {
        if (await OpensAsync(bucket, key, cancellation))
        {
            _thereAlready++;
            return;
        }
        if (await bucket.ReadAsync(key, [_old], cancellation) is not { } content)
            return; // no live state yet
        if (IsManifest(key))
            content = WithFingerprint(content);
        using var stream = new MemoryStream(content);
        var json = key.EndsWith(".json", StringComparison.Ordinal) ? "application/json" : "application/octet-stream";
        await bucket.PutAsync(
            key,
            stream,
            _new,
            new() { ContentType = contentType ?? json, LockedUntil = lockedUntil },
            cancellation
        );
        _written++;
    }

    private async Task<bool> OpensAsync(Bucket bucket, string key, CancellationToken cancellation)
    {
        try
        {
            await using var open = await bucket.GetAsync(key, _new, version: null, cancellation);
            return open is not null;
        }
        catch (StorageException exception) when (exception.Fault == StorageFault.StateKey)
        {
            return false;
        }
    }

    private byte[] WithFingerprint(byte[] content)
    {
        try
        {
            return (Manifest.Read(content) with { KeyFingerprint = _new.Fingerprint }).ToBytes();
        }
        catch (System.Text.Json.JsonException)
        {
            return content; // broken before, and said so by doctor
        }
    }

    /// <summary>Until when the version in force is locked; null when it is not, or its days are over.</summary>
    private async Task<DateTimeOffset?> LockedUntilAsync(StoredObject item, CancellationToken cancellation)
    {
        var until = (
            await HeadAsync(item, await OpensAsync(buckets.Archive, item.Key, cancellation) ? _new : _old, cancellation)
        ).ObjectLockRetainUntilDate;
        return until is { } date && date.ToUniversalTime() > DateTime.UtcNow ? new(date.ToUniversalTime()) : null;
    }

    private Task<GetObjectMetadataResponse> HeadAsync(StoredObject item, StateKey key, CancellationToken cancellation) =>
        buckets.Archive.CallAsync(
            "look at",
            item.Key,
            () =>
                buckets.Archive.Client.GetObjectMetadataAsync(
                    new GetObjectMetadataRequest
                    {
                        BucketName = buckets.Archive.Address.Name,
                        Key = item.Key,
                        VersionId = item.Version,
                        ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256,
                        ServerSideEncryptionCustomerProvidedKey = key.Base64,
                    },
                    cancellation
                )
        );

    private async Task RemoveAsync(StoredObject item, CancellationToken cancellation)
    {
        try
        {
            await buckets.Archive.DeleteAsync(item.Key, item.Version, cancellation);
        }
        catch (StorageException exception) when (exception.Fault is StorageFault.Locked or StorageFault.Forbidden)
        {
            _kept++;
        }
    }
}
