using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Linode;
using InfraCdktf.Pipeline.State.Doctor;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;
using Polly;

namespace InfraCdktf.Pipeline.State.Bootstrap;

/// <summary>A bucket or key that bootstrap created or found.</summary>
/// <param name="Kind">"live bucket", "key to apply".</param>
/// <param name="Name">Its name.</param>
/// <param name="Made">True if it was created now; false if it existed already.</param>
/// <param name="ManagedBy">Its address in the <c>state</c> stack; null if only this command manages it.</param>
public sealed record BootstrapItem(string Kind, string Name, bool Made, string? ManagedBy);

/// <summary>
/// Creates what the first state needs: the live bucket, the archive bucket and their keys. Then it imports what the <c>state</c>
/// stack manages, so that the first apply of that stack finds it. Every step checks first, so a run continues where an earlier
/// one stopped. The run uses an unlimited key of its own and revokes it at the end. The next run revokes the key of a killed run.
/// </summary>
public sealed class StateBootstrap : IDisposable
{
    // On endpoints of type E2 and E3 a new key works after about 30 s (the provider's documentation).
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(2);
    private const int UntilKeyWorks = 60; // tries: two minutes

    private readonly Workspace _workspace;
    private readonly LinodeApi _api;
    private readonly ResourceNames _naming;
    private readonly Action<string> _say;

    /// <summary>Prepares the bootstrap without any call.</summary>
    /// <exception cref="PipelineException">The environment has no token.</exception>
    public StateBootstrap(Workspace workspace, Action<string> say)
    {
        (_workspace, _say) = (workspace, say);
        _api = new(workspace.Environment, workspace.Time);
        _naming = ResourceNames.Of(workspace.Platform);
    }

    private PlatformSpec Platform => _workspace.Platform;

    /// <summary>Creates what is missing.</summary>
    /// <param name="credentials">Stores the secret of a new key. Called immediately after each key is created.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <returns>All buckets and keys of the state.</returns>
    public async Task<IReadOnlyList<BootstrapItem>> RunAsync(
        Func<KeyPurpose, ObjectStorageKey, Task> credentials,
        CancellationToken cancellation
    )
    {
        // Without the stack's state key the import would write the state in clear, so the key is checked first.
        _ = new StateKeys(_workspace.Environment).Of(StackNames.State);
        var items = new List<BootstrapItem>();
        var (region, state) = (Platform.Region, Platform.State);
        var live = !await _api.HasBucketAsync(region, state.Bucket, cancellation);
        if (live)
            await _api.MakeBucketAsync(region, state.Bucket, state.Endpoint, cancellation);
        await WithUnlimitedKeyAsync(
            async key =>
            {
                await RequireUnversionedAsync(key, cancellation);
                using var archive = new Bucket(BucketAddress.Archive(Platform, _workspace.Environment), key);
                items.Add(
                    new("archive bucket", state.ArchiveBucket, await ArchiveBucket.EnsureAsync(archive, cancellation), null)
                );
                var keys = await EnsureKeysAsync(credentials, cancellation);
                var managed = await ImportAsync(key, keys, cancellation);
                items.Insert(0, new("live bucket", state.Bucket, live, managed[state.Bucket]));
                items.AddRange(
                    keys.Select(made => new BootstrapItem(
                        made.Purpose.Title,
                        made.Key.Label,
                        made.Made,
                        managed.GetValueOrDefault(made.Key.Label)
                    ))
                );
            },
            cancellation
        );
        return items;
    }

    /// <summary>Removes the buckets and keys if no other stack has objects.</summary>
    /// <returns>
    /// The number of objects in the archive that are still locked. While there are any, the archive bucket is kept.
    /// </returns>
    /// <exception cref="PipelineException">Another stack still has objects, or its state cannot be read.</exception>
    public async Task<int> RemoveAsync(CancellationToken cancellation)
    {
        var locked = 0;
        await WithUnlimitedKeyAsync(
            async key =>
            {
                using var live = new Bucket(BucketAddress.Live(Platform, _workspace.Environment), key);
                using var archive = new Bucket(BucketAddress.Archive(Platform, _workspace.Environment), key);
                var archived = await ArchiveBucket.HasObjectLockAsync(archive, cancellation) is not null;
                if (await _api.HasBucketAsync(Platform.Region, Platform.State.Bucket, cancellation))
                    await RequireNothingLeftAsync(live, archived ? archive : null, key, cancellation);
                if (archived)
                {
                    locked = await ArchiveBucket.EmptyAsync(archive, cancellation);
                    if (locked == 0)
                    {
                        var request = new DeleteBucketRequest { BucketName = archive.Address.Name };
                        await archive.CallAsync(
                            "delete",
                            "the bucket",
                            () => archive.Client.DeleteBucketAsync(request, cancellation)
                        );
                        _say($"archive bucket {archive.Address.Name}: deleted");
                    }
                }
                foreach (
                    var found in (await _api.KeysAsync(cancellation)).Where(found =>
                        Purposes.Any(purpose => purpose.Label == found.Label)
                    )
                )
                {
                    await _api.DeleteKeyAsync(found, cancellation);
                    _say($"key {found}: revoked");
                }
                if (await _api.HasBucketAsync(Platform.Region, Platform.State.Bucket, cancellation))
                {
                    await foreach (var item in live.ListAsync("", cancellation))
                        await live.DeleteAsync(item.Key, version: null, cancellation);
                    await _api.DeleteBucketAsync(Platform.Region, Platform.State.Bucket, cancellation);
                    _say($"live bucket {Platform.State.Bucket}: deleted, with the state of the state stack");
                }
            },
            cancellation
        );
        return locked;
    }

    /// <inheritdoc/>
    public void Dispose() => _api.Dispose();

    private IReadOnlyList<KeyPurpose> Purposes =>
        [
            new("key to plan", _naming.StateKey(KeyAccess.Read), "PLAN_", Platform.State.Bucket, Write: false),
            new("key to apply", _naming.StateKey(KeyAccess.Write), "AWS_", Platform.State.Bucket, Write: true),
            new("key to the archive", _naming.ArchiveKey, "ARCHIVE_", Platform.State.ArchiveBucket, Write: true),
        ];

    private async Task WithUnlimitedKeyAsync(Func<StorageCredentials, Task> work, CancellationToken cancellation)
    {
        foreach (var left in (await _api.KeysAsync(cancellation)).Where(key => key.Label == _naming.BootstrapKey))
            await _api.DeleteKeyAsync(left, cancellation);
        var key = await _api.MakeKeyAsync(_naming.BootstrapKey, [], cancellation);
        try
        {
            var credentials = new StorageCredentials(key.AccessKey, key.SecretKey);
            await WaitUntilItWorksAsync(credentials, cancellation);
            await work(credentials);
        }
        finally
        {
            // Also after a failure or a stop: this key opens everything.
            await _api.DeleteKeyAsync(key, CancellationToken.None);
        }
    }

    private async Task WaitUntilItWorksAsync(StorageCredentials credentials, CancellationToken cancellation)
    {
        using var live = new Bucket(BucketAddress.Live(Platform, _workspace.Environment), credentials);
        await new ResiliencePipelineBuilder { TimeProvider = _workspace.Time }
            .AddRetry(
                new()
                {
                    MaxRetryAttempts = UntilKeyWorks,
                    Delay = _between,
                    ShouldHandle = new PredicateBuilder().Handle<StorageException>(refused =>
                        refused.Fault is StorageFault.Credentials or StorageFault.Forbidden
                    ),
                    OnRetry = _ =>
                    {
                        _say("The new key does not work yet. Waiting.");
                        return default;
                    },
                }
            )
            .Build()
            .ExecuteAsync(
                async cancelled => await live.CallAsync("list", "buckets", () => live.Client.ListBucketsAsync(cancelled)),
                cancellation
            );
    }

    private async Task RequireUnversionedAsync(StorageCredentials credentials, CancellationToken cancellation)
    {
        using var live = new Bucket(BucketAddress.Live(Platform, _workspace.Environment), credentials);
        var request = new GetBucketVersioningRequest { BucketName = live.Address.Name };
        var answer = await live.CallAsync(
            "ask about",
            "versions",
            () => live.Client.GetBucketVersioningAsync(request, cancellation)
        );
        if (answer.VersioningConfig?.Status is { } status && status != VersionStatus.Off)
        {
            throw new PipelineException(
                $"{live.Address}: versioning is {status}, and Terraform's lock does not work on a versioned bucket. "
                    + "Versioning cannot be undone. Name another bucket in the inventory (state.bucket)."
            );
        }
    }

    private async Task<IReadOnlyList<EnsuredKey>> EnsureKeysAsync(
        Func<KeyPurpose, ObjectStorageKey, Task> credentials,
        CancellationToken cancellation
    )
    {
        var there = await _api.KeysAsync(cancellation);
        var keys = new List<EnsuredKey>();
        foreach (var purpose in Purposes)
        {
            var found = there.Where(key => key.Label == purpose.Label).ToList();
            if (found.Count > 1)
            {
                throw new PipelineException(
                    $"There are {found.Count} keys with the label {purpose.Label} ({string.Join(", ", found)}). Revoke the "
                        + "unused ones, then run the command again."
                );
            }
            if (found is [var one])
            {
                keys.Add(new(purpose, one, Made: false));
                continue;
            }
            var made = await _api.MakeKeyAsync(
                purpose.Label,
                [new(Platform.Region, purpose.Bucket, purpose.Write)],
                cancellation
            );
            await credentials(purpose, made);
            keys.Add(new(purpose, made, Made: true));
        }
        return keys;
    }

    /// <summary>
    /// Imports the objects of the synthesized <c>state</c> stack that its state does not have, archives that state, and returns
    /// the addresses by label.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, string>> ImportAsync(
        StorageCredentials credentials,
        IReadOnlyList<EnsuredKey> keys,
        CancellationToken cancellation
    )
    {
        _workspace.Synthesize(Platform, _workspace.Output);
        var stack = _workspace.Stack(StackNames.State);
        var ids = keys.ToDictionary(key => key.Key.Label, key => $"{key.Key.Id}", StringComparer.Ordinal);
        ids[Platform.State.Bucket] = $"{Platform.Region}:{Platform.State.Bucket}";
        var addresses = (stack.Configuration["resource"]?.AsObject() ?? [])
            .SelectMany(type =>
                type.Value!.AsObject().Select(one => (Label: LabelOf(one.Value), Address: $"{type.Key}.{one.Key}"))
            )
            .Where(one => one.Label is not null && ids.ContainsKey(one.Label))
            .ToDictionary(one => one.Label!, one => one.Address, StringComparer.Ordinal);

        var workspace = With(credentials);
        var terraform = workspace.Terraform(stack, Placeholders.Allowed);
        await terraform.InitAsync(cancellation);
        var known = AddressesIn(await terraform.PullStateAsync(cancellation));
        foreach (var (label, address) in addresses)
        {
            if (known.Contains(address))
                continue;
            await terraform.ImportAsync(address, ids[label], cancellation);
            _say($"{label}: imported as {address}");
        }
        using var archiver = StackArchiver.Open(workspace, _say);
        await archiver.BackupAsync(StackNames.State, cancellation);
        return addresses;
    }

    private static HashSet<string> AddressesIn(string pulled) =>
        string.IsNullOrWhiteSpace(pulled)
            ? []
            : [.. StateFile.Parse(System.Text.Encoding.UTF8.GetBytes(pulled)).Objects.Select(item => item.Address)];

    private static string? LabelOf(JsonNode? resource) =>
        resource?["label"] is JsonValue label && label.TryGetValue<string>(out var text) ? text : null;

    private async Task RequireNothingLeftAsync(
        Bucket live,
        Bucket? archive,
        StorageCredentials credentials,
        CancellationToken cancellation
    )
    {
        var keys = new StateKeys(_workspace.Environment);
        var left = new List<string>();
        var mine = StateAddress.Of(Platform, StackNames.State);
        await foreach (var item in live.ListAsync("", cancellation))
        {
            var stack = item.Key.Split('/')[0];
            // A leftover of a killed doctor is encrypted with a key that nobody has.
            if (item.Key == mine.Key || item.Key.StartsWith(BucketChecks.ProbeFolder, StringComparison.Ordinal))
                continue;
            if (item.Key == StateAddress.Of(Platform, stack).LockKey)
            {
                left.Add($"{stack} is locked");
                continue;
            }
            var content = await live.ReadAsync(item.Key, keys.AllOf(stack), cancellation);
            if (content is not null && StateFile.Parse(content).Objects is { Count: > 0 } objects)
                left.Add($"{stack} has {objects.Count} objects");
        }
        // The archive is the last record of a stack whose live state was deleted.
        if (archive is not null)
            left.AddRange(await LostAsync(archive, credentials, cancellation));
        if (left.Count > 0)
        {
            throw new PipelineException(
                $"{live.Address}: it must be removed last, and other stacks still use it: {string.Join(", ", left)}. Run "
                    + "\"destroy\" first, then this command again."
            );
        }
    }

    private async Task<IReadOnlyList<string>> LostAsync(
        Bucket archive,
        StorageCredentials credentials,
        CancellationToken cancellation
    )
    {
        var keys = new StateKeys(_workspace.Environment);
        var lost = new List<string>();
        foreach (var stack in StackNames.Waves(Platform).SelectMany(wave => wave).Where(stack => stack != StackNames.State))
        {
            if (!await archive.ListAsync($"{stack}/", cancellation).AnyAsync(cancellation))
                continue;
            if (keys.Find(stack) is null)
                lost.Add($"{stack} has archived versions, and {StateKeys.VariableOf(stack)}, which opens them, is not set");
            else if (await MissingState.FindAsync(With(credentials), stack, cancellation) is { } missing)
                lost.Add($"{stack}: {missing.Fact}; \"{missing.Restore}\" restores it");
        }
        return lost;
    }

    // This command's own key opens both buckets.
    private Workspace With(StorageCredentials credentials) =>
        _workspace with
        {
            Environment = new Dictionary<string, string>(_workspace.Environment)
            {
                ["AWS_ACCESS_KEY_ID"] = credentials.AccessKey,
                ["AWS_SECRET_ACCESS_KEY"] = credentials.SecretKey,
                ["ARCHIVE_ACCESS_KEY_ID"] = credentials.AccessKey,
                ["ARCHIVE_SECRET_ACCESS_KEY"] = credentials.SecretKey,
            },
        };

    private sealed record EnsuredKey(KeyPurpose Purpose, ObjectStorageKey Key, bool Made);
}

/// <summary>The purpose of a limited key of the state.</summary>
/// <param name="Title">"key to apply".</param>
/// <param name="Label">The label of the key.</param>
/// <param name="Prefix">The prefix of the two variables that hold it: <c>AWS_</c> for <c>AWS_ACCESS_KEY_ID</c>.</param>
/// <param name="Bucket">The bucket that the key opens.</param>
/// <param name="Write">True if the key may write.</param>
public sealed record KeyPurpose(string Title, string Label, string Prefix, string Bucket, bool Write);
