using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>The result of a change of the state key.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Fingerprint">The fingerprint of the new key.</param>
/// <param name="Written">The number of objects written with the new key by this run.</param>
/// <param name="ThereAlready">The number of objects that had the new key already.</param>
/// <param name="KeptWithOldKey">
/// The number of locked versions of audit records that keep the old key until their retention period has ended. Each has a newer
/// version with the new key.
/// </param>
public sealed record RekeyResult(string Stack, string Fingerprint, int Written, int ThereAlready, int KeptWithOldKey);

/// <summary>
/// Writes all objects of a stack in the buckets with another state key: the live state, every version in the archive, the audit
/// records. Each object is read with its current key and written with the new one. After a kill the command can be run again;
/// until it is complete, readers accept both keys.
/// </summary>
/// <param name="buckets">The buckets. Their keys contain the new key and the previous one.</param>
/// <param name="platform">The inventory.</param>
/// <param name="stack">The stack.</param>
public sealed class StateRekeying(StateBuckets buckets, PlatformSpec platform, string stack)
{
    private readonly StateKey _new = buckets.Keys.Of(stack);
    private readonly StateKey? _old = Previous(buckets.Keys, stack);
    private int _written;
    private int _thereAlready;
    private int _kept;

    /// <summary>Called after each object with the number of objects done and the total number.</summary>
    public Action<int, int>? Progress { get; init; }

    /// <summary>Changes the key. The caller must hold the stack's lock.</summary>
    public async Task<RekeyResult> RunAsync(CancellationToken cancellation)
    {
        var address = StateAddress.Of(platform, stack);
        // Objects in clear need no previous key.
        if (_old is null && !await AnyInClearAsync(address.Key, cancellation))
            throw new PipelineException(NoPrevious);
        var archived = await VersionsAsync($"{stack}/", cancellation);
        var audits = await VersionsAsync($"audit/{stack}/", cancellation);
        var (done, all) = (0, 1 + archived.Count + audits.Count);

        await RewriteAsync(buckets.Live, address.Key, "application/json", lockedUntil: null, cancellation);
        Progress?.Invoke(++done, all);
        foreach (var versions in archived.Concat(audits))
        {
            await RekeyAsync(versions, cancellation);
            Progress?.Invoke(++done, all);
        }
        return new(stack, _new.Fingerprint, _written, _thereAlready, _kept);
    }

    private async Task<bool> AnyInClearAsync(string key, CancellationToken cancellation) =>
        await buckets.Live.OpensAsync(key, stateKey: null, cancellation)
        || await new StateArchive(buckets.Archive, buckets.Keys, platform.State.AuditDays, TimeProvider.System).CountClearAsync(
            stack,
            cancellation
        ) > 0;

    private string NoPrevious =>
        $"stack {stack}: the previous state key is not set. Set {StateKeys.VariableOf(stack)} to the new key (openssl rand "
        + $"-base64 32) and {StateKeys.PreviousVariableOf(stack)} to the current one.";

    private static StateKey? Previous(StateKeys keys, string stack)
    {
        if (keys.AllOf(stack) is not [var today, var previous])
            return null;
        return today.Fingerprint != previous.Fingerprint
            ? previous
            : throw new PipelineException(
                $"stack {stack}: {StateKeys.VariableOf(stack)} and {StateKeys.PreviousVariableOf(stack)} are the same key. "
                    + "Create a new one: openssl rand -base64 32."
            );
    }

    // Manifests come last: a manifest names the old key until all parts of its entry can be read with the new key.
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
        // Versions that a newer version has replaced, including the one that was the latest until now.
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
        // Without a key first: the gateway returns an object in clear whatever key is given.
        var clear = await bucket.OpensAsync(key, stateKey: null, cancellation);
        if (!clear && await bucket.OpensAsync(key, _new, cancellation))
        {
            _thereAlready++;
            return;
        }
        var read = clear
            ? await bucket.ReadClearAsync(key, cancellation)
            : await bucket.ReadAsync(key, [_old ?? throw new PipelineException(NoPrevious)], cancellation);
        if (read is not { } content)
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

    private byte[] WithFingerprint(byte[] content)
    {
        try
        {
            return (Manifest.Read(content) with { KeyFingerprint = _new.Fingerprint }).ToBytes();
        }
        catch (System.Text.Json.JsonException)
        {
            return content; // it was broken before; state doctor reports it
        }
    }

    /// <summary>Until when the latest version is locked; null if it is not locked, or its retention period has ended.</summary>
    private async Task<DateTimeOffset?> LockedUntilAsync(StoredObject item, CancellationToken cancellation)
    {
        var opens = await buckets.Archive.OpensAsync(item.Key, _new, cancellation);
        var until = (await HeadAsync(item, opens ? _new : _old ?? _new, cancellation)).ObjectLockRetainUntilDate;
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
            // The store refuses in the same way if the access key has no permission to delete.
            StateKey[] keys = _old is null ? [_new] : [_new, _old];
            if (await buckets.Archive.LockAsync(item.Key, item.Version, keys, cancellation) is null)
                throw;
            _kept++;
        }
    }
}
