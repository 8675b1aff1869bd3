using System.Text.Json;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>
/// Every stack as it was after each apply, in a bucket with object lock, encrypted with the stack's state key. An entry is a folder
/// <c>{stack}/entries/{serial}-{digest}/</c> with its parts and, written last, its manifest: without a manifest there is no entry, so a write that is killed anywhere
/// leaves the list as it was.
/// </summary>
/// <param name="bucket">The archive bucket.</param>
/// <param name="keys">The state keys.</param>
/// <param name="auditDays">How many days an audit record is locked.</param>
/// <param name="time">The clock.</param>
public sealed class StateArchive(Bucket bucket, StateKeys keys, int auditDays, TimeProvider time)
{
    /// <summary>What stands for the newest entry worth going back to, where a version is asked for.</summary>
    public const string LastGood = "last-good";

    private const string ManifestName = "manifest.json";

    // A write takes seconds. The store's clock and this machine's differ by less than 15 minutes, or no call is answered (RequestTimeTooSkewed).
    private static readonly TimeSpan _longestWrite = TimeSpan.FromHours(1);

    /// <summary>The archive of a platform.</summary>
    public static StateArchive Of(Workspace workspace, StateBuckets buckets) =>
        new(buckets.Archive, buckets.Keys, workspace.Platform.State.AuditDays, workspace.Time);

    /// <summary>The audit records in the same bucket.</summary>
    public AuditLog Audit { get; } = new(bucket, keys, auditDays, time);

    /// <summary>Told how a part is on its way: stack and part, the bytes that have gone, all of them.</summary>
    public Action<string, long, long>? Progress { get; set; }

    /// <summary>A stack's entries, newest first.</summary>
    public async Task<IReadOnlyList<ArchiveEntry>> ListAsync(string stack, CancellationToken cancellation)
    {
        var manifests = await bucket
            .ListAsync(FolderOf(stack), cancellation)
            .Where(item => item.Key.EndsWith($"/{ManifestName}", StringComparison.Ordinal) && VersionIn(item.Key) is not null)
            .ToListAsync(cancellation);
        var contents = await bucket.ReadManyAsync([.. manifests.Select(item => item.Key)], keys.AllOf(stack), cancellation);
        return ArchiveEntry.NewestFirst(
            manifests.Zip(contents).Where(pair => pair.Second is not null).Select(pair => Read(stack, pair.First, pair.Second!))
        );
    }

    /// <summary>The entry that somebody means.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="version">A version, its beginning, a serial, or <see cref="LastGood"/>.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="PipelineException">There is none, or more than one; the message lists what there is.</exception>
    public async Task<ArchiveEntry> FindAsync(string stack, string version, CancellationToken cancellation)
    {
        var entries = await ListAsync(stack, cancellation);
        var found =
            version == LastGood
                ? [.. entries.Where(entry => entry.Manifest.IsGood).Take(1)]
                : VersionId
                    .Matching(entries.Select(entry => entry.Version), version)
                    .Select(match => entries.First(entry => entry.Version == match))
                    .ToList();
        if (found is [var only])
            return only;
        var there = string.Join(
            ", ",
            (found.Count > 0 ? found : entries).Select(entry => $"{entry.Version} ({entry.Manifest.Outcome})")
        );
        throw new PipelineException(
            found.Count > 1
                ? $"stack {stack}: version {version} may be {there}. Give more of it."
                : $"stack {stack}: there is no version {version} in the archive. There {(entries.Count == 0 ? "is none at all" : $"are {there}")}."
        );
    }

    /// <summary>
    /// Writes an entry: its parts, the locked audit record, the manifest last. Doing it again is the same entry, and mends one of which a part is missing. Where an
    /// apply that failed is followed by one that succeeded and changed nothing more, the entry becomes good.
    /// </summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public async Task<ArchiveEntry> AddAsync(ArchiveDraft draft, CancellationToken cancellation)
    {
        var manifest = draft.Manifest with { KeyFingerprint = keys.Of(draft.Manifest.Stack).Fingerprint };
        var there = await WholeAsync(manifest.Stack, manifest.Version, cancellation);
        if (there is null)
        {
            await Task.WhenAll(
                PutAsync(manifest, ArchivePart.State, draft.State, cancellation),
                PutAsync(manifest, ArchivePart.Configuration, draft.Configuration, cancellation)
            );
        }
        await Audit.WriteAsync(AuditOf(manifest), cancellation);
        if (there is not null && (there.IsGood || !manifest.IsGood))
            return new(there);
        // What was stored before counts: the same files may have been packed into other bytes.
        manifest = manifest with
        {
            Parts = there?.Parts ?? manifest.Parts,
        };
        await PutAsync(manifest, ManifestName, manifest.ToBytes(), cancellation);
        return new(manifest);
    }

    /// <summary>The state of an entry.</summary>
    /// <exception cref="PipelineException">It is not there or not what was written.</exception>
    public Task<byte[]> ReadStateAsync(ArchiveEntry entry, CancellationToken cancellation) =>
        ReadPartAsync(entry, ArchivePart.State, cancellation);

    /// <summary>Unpacks the configuration of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="directory">An existing directory.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="PipelineException">It is not there or not what was written.</exception>
    public async Task ExtractAsync(ArchiveEntry entry, string directory, CancellationToken cancellation)
    {
        using var content = new MemoryStream(await ReadPartAsync(entry, ArchivePart.Configuration, cancellation));
        await StackPackage.UnpackAsync(content, directory, cancellation);
    }

    /// <summary>Reads every part of an entry and says what is wrong; nothing when all digests hold.</summary>
    public async Task<IReadOnlyList<string>> VerifyAsync(ArchiveEntry entry, CancellationToken cancellation)
    {
        if (entry.Manifest.Outcome == ApplyOutcome.Unreadable)
            return [entry.Manifest.Reason!];
        var problems = new List<string>();
        foreach (var part in entry.Manifest.Parts.Keys)
        {
            try
            {
                _ = await ReadPartAsync(entry, part, cancellation);
            }
            catch (PipelineException exception) when (exception is not StorageException { Fault: StorageFault.Unreachable })
            {
                problems.Add(exception.Message);
            }
        }
        return problems;
    }

    /// <summary>True when an entry and all its parts are there, by a listing alone.</summary>
    public async Task<bool> IsWholeAsync(ArchiveEntry entry, CancellationToken cancellation) =>
        await WholeAsync(entry.Stack, entry.Version, cancellation) is not null;

    /// <summary>How many half entries lie there: parts of writes that were killed, and of no use.</summary>
    public async Task<int> IncompleteEntriesAsync(string stack, CancellationToken cancellation) =>
        Folder
            .Of(await bucket.ListAsync(FolderOf(stack), cancellation).ToListAsync(cancellation))
            .Count(folder => !folder.HasManifest);

    /// <summary>
    /// Removes what is too many (<see cref="Retention"/>) for good, by version, with what only says that something was deleted, and what killed writes left more
    /// than an hour ago. What is locked stays and is reported.
    /// </summary>
    /// <param name="stack">The stack.</param>
    /// <param name="keep">How many entries stay.</param>
    /// <param name="cancellation">Stops between two deletions; what is half removed is no entry any more.</param>
    public async Task<PruneReport> PruneAsync(string stack, int keep, CancellationToken cancellation)
    {
        var folders = Folder.Of(await bucket.ListVersionsAsync(FolderOf(stack), cancellation).ToListAsync(cancellation));
        var halves = folders.Where(folder => !folder.HasManifest && folder.Modified < time.GetUtcNow() - _longestWrite).ToList();
        foreach (var half in halves)
            await RemoveAsync(half, cancellation);

        var whole = folders.Where(folder => folder.HasManifest).ToDictionary(folder => folder.Version, StringComparer.Ordinal);
        var (removed, locked) = (new List<string>(), new List<LockedEntry>());
        // Whoever has no more than may stay need not be read.
        var surplus = whole.Count > keep ? Retention.Surplus(await ListAsync(stack, cancellation), keep) : [];
        foreach (var folder in surplus.Select(entry => whole.GetValueOrDefault(entry.Version)).OfType<Folder>())
        {
            if (await LockAsync(stack, folder, cancellation) is { } held)
            {
                locked.Add(new(folder.Version, held));
                continue;
            }
            await RemoveAsync(folder, cancellation);
            removed.Add(folder.Version);
        }
        return new(stack, whole.Count - removed.Count, removed, locked, halves.Count);
    }

    private static ArchiveEntry Read(string stack, StoredObject item, byte[] content)
    {
        var version = VersionIn(item.Key)!;
        try
        {
            var manifest = Manifest.Read(content);
            return manifest.Stack == stack && manifest.Version == version
                ? new(manifest)
                : throw new JsonException($"It is the manifest of {manifest.Stack} {manifest.Version}.");
        }
        catch (JsonException exception)
        {
            return new(
                new Manifest
                {
                    Stack = stack,
                    Version = version,
                    Serial = VersionId.SerialOf(version),
                    Lineage = "",
                    TerraformVersion = "",
                    Providers = new Dictionary<string, string>(),
                    ToolVersion = "",
                    Actor = "",
                    Started = item.Modified,
                    DurationSeconds = 0,
                    Outcome = ApplyOutcome.Unreadable,
                    Resources = 0,
                    Parts = new Dictionary<string, ArchivePart>(),
                    KeyFingerprint = "",
                    Reason = $"The manifest cannot be read: {exception.Message}",
                }
            );
        }
    }

    private static AuditRecord AuditOf(Manifest manifest) =>
        new()
        {
            Kind = manifest.Outcome switch
            {
                ApplyOutcome.Destroyed => "destroy",
                ApplyOutcome.Restored => "state restore",
                ApplyOutcome.RolledBack => "rollback",
                ApplyOutcome.Backup or ApplyOutcome.Replaced => "backup",
                _ => "apply",
            },
            Stack = manifest.Stack,
            Actor = manifest.Actor,
            Commit = manifest.Commit,
            At = manifest.Started,
            Reason = manifest.Reason,
            Body = AuditRecord.BodyOf(manifest),
            Id = manifest.Version,
        };

    private static string FolderOf(string stack, string? version = null) =>
        $"{stack}/entries/{(version is null ? "" : $"{VersionId.ToKey(version)}/")}";

    private static string KeyOf(string stack, string version, string part) => FolderOf(stack, version) + part;

    // {stack}/entries/{version}/{part}
    private static string? VersionIn(string key) => key.Split('/') is [_, _, var folder, _] ? VersionId.FromKey(folder) : null;

    private async Task PutAsync(Manifest manifest, string part, byte[] content, CancellationToken cancellation)
    {
        using var stream = new MemoryStream(content);
        var options = new WriteOptions
        {
            ContentType = part == ManifestName ? "application/json" : "application/octet-stream",
            Progress = Progress is { } progress ? sent => progress($"{manifest.Stack}, {part}", sent, content.Length) : null,
        };
        await bucket.PutAsync(
            KeyOf(manifest.Stack, manifest.Version, part),
            stream,
            keys.Of(manifest.Stack),
            options,
            cancellation
        );
    }

    private async Task<byte[]> ReadPartAsync(ArchiveEntry entry, string part, CancellationToken cancellation)
    {
        var name = $"stack {entry.Stack}, version {entry.Version}: the {part}";
        if (!entry.Manifest.Parts.TryGetValue(part, out var expected))
            throw new PipelineException($"{name} is not in its manifest. {OtherVersion}");
        var content =
            await bucket.ReadAsync(KeyOf(entry.Stack, entry.Version, part), keys.AllOf(entry.Stack), cancellation)
            ?? throw new PipelineException($"{name} is not in the archive although its manifest is. {OtherVersion}");
        var found = ArchivePart.Of(content);
        return found == expected
            ? content
            : throw new PipelineException(
                $"{name} is not what was written: {found.Size} bytes with SHA-256 {found.Sha256}, and the manifest says {expected.Size} bytes with {expected.Sha256}. {OtherVersion}"
            );
    }

    private static string OtherVersion => "Take another version (\"state list\"), and find out who wrote to the archive.";

    /// <summary>The manifest of an entry whose parts are all there in their sizes; null when the entry is not there or not whole.</summary>
    private async Task<Manifest?> WholeAsync(string stack, string version, CancellationToken cancellation)
    {
        var sizes = await bucket
            .ListAsync(FolderOf(stack, version), cancellation)
            .ToDictionaryAsync(item => item.Key, item => item, StringComparer.Ordinal, cancellation);
        if (!sizes.TryGetValue(KeyOf(stack, version, ManifestName), out var item))
            return null;
        if (await bucket.ReadAsync(item.Key, keys.AllOf(stack), cancellation) is not { } content)
            return null;
        var manifest = Read(stack, item, content).Manifest;
        return
            manifest.Outcome != ApplyOutcome.Unreadable
            && manifest.Parts.All(part => sizes.GetValueOrDefault(KeyOf(stack, version, part.Key))?.Size == part.Value.Size)
            ? manifest
            : null;
    }

    private async Task<string?> LockAsync(string stack, Folder folder, CancellationToken cancellation)
    {
        foreach (var item in folder.Objects.Where(item => !item.DeleteMarker))
        {
            var name = item.Key[(item.Key.LastIndexOf('/') + 1)..];
            try
            {
                if (await bucket.LockAsync(item.Key, item.Version, keys.AllOf(stack), cancellation) is { } held)
                    return $"{name}: {held}";
            }
            catch (StorageException exception) when (exception.Fault == StorageFault.StateKey)
            {
                return $"{name}: whether it is locked cannot be asked without its state key, which is none of those given";
            }
        }
        return null;
    }

    // The manifest first, so that half an entry is none; of its versions the one in force last, so that no older one takes its place.
    private async Task RemoveAsync(Folder folder, CancellationToken cancellation)
    {
        foreach (var item in folder.Objects.OrderBy(item => !Folder.IsManifest(item)).ThenBy(item => item.Latest))
            await bucket.DeleteAsync(item.Key, item.Version, cancellation);
    }

    /// <summary>The objects of one entry, or all their versions.</summary>
    private sealed record Folder(string Version, IReadOnlyList<StoredObject> Objects)
    {
        public static IReadOnlyList<Folder> Of(IEnumerable<StoredObject> objects) =>
            [
                .. objects
                    .GroupBy(item => VersionIn(item.Key))
                    .Where(folder => folder.Key is not null)
                    .Select(folder => new Folder(folder.Key!, [.. folder])),
            ];

        public bool HasManifest => Objects.Any(item => IsManifest(item) && item is { Latest: true, DeleteMarker: false });

        public DateTimeOffset Modified => Objects.Max(item => item.Modified);

        public static bool IsManifest(StoredObject item) => item.Key.EndsWith($"/{ManifestName}", StringComparison.Ordinal);
    }
}
