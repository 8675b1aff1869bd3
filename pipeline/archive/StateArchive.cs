using System.Text.Json;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>
/// The archive has the state and configuration of every stack after each apply, in a bucket with object lock, encrypted with the
/// stack's state key. An entry is a folder <c>{stack}/entries/{serial}-{digest}/</c> with its parts and its manifest. The
/// manifest is written last, and a folder without a manifest is not an entry. So a killed write does not change the list.
/// </summary>
/// <param name="bucket">The archive bucket.</param>
/// <param name="keys">The state keys.</param>
/// <param name="auditDays">The number of days that an audit record is locked.</param>
/// <param name="time">The clock.</param>
public sealed class StateArchive(Bucket bucket, StateKeys keys, int auditDays, TimeProvider time)
{
    /// <summary>The name of the newest good entry. It can be given as a version.</summary>
    public const string LastGood = "last-good";

    private const string ManifestName = "manifest.json";

    // A write takes seconds. The clocks of the store and of this machine differ by less than 15 minutes; otherwise every call
    // fails (RequestTimeTooSkewed).
    private static readonly TimeSpan _longestWrite = TimeSpan.FromHours(1);

    /// <summary>The archive of a platform.</summary>
    public static StateArchive Of(Workspace workspace, StateBuckets buckets) =>
        new(buckets.Archive, buckets.Keys, workspace.Platform.State.AuditDays, workspace.Time);

    /// <summary>The audit records in the same bucket.</summary>
    public AuditLog Audit { get; } = new(bucket, keys, auditDays, time);

    /// <summary>
    /// Called during the transfer of a part with stack and part, the number of bytes sent, and the total number.
    /// </summary>
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

    /// <summary>
    /// Adds the digests of their configurations to entries that have none, because an earlier version of this program wrote them.
    /// An entry with a damaged configuration stays without one.
    /// </summary>
    public async Task<IReadOnlyList<ArchiveEntry>> WithDigestsAsync(
        IReadOnlyList<ArchiveEntry> entries,
        CancellationToken cancellation
    )
    {
        var all = new List<ArchiveEntry>();
        foreach (var entry in entries)
        {
            var known = entry.Manifest.ConfigurationDigest is not null || entry.Manifest.Outcome == ApplyOutcome.Unreadable;
            all.Add(known ? entry : new(entry.Manifest with { ConfigurationDigest = await DigestAsync(entry, cancellation) }));
        }
        return all;
    }

    /// <summary>Requires that the newest entry can be read: it may be the good one that <see cref="LastGood"/> means.</summary>
    /// <exception cref="PipelineException">It cannot be read.</exception>
    public static void RequireReadable(IReadOnlyList<ArchiveEntry> newestFirst)
    {
        if (newestFirst is not [{ Manifest.Outcome: ApplyOutcome.Unreadable } newest, ..])
            return;
        var others = string.Join(", ", newestFirst.Skip(1).Where(entry => entry.Manifest.IsGood).Select(entry => entry.Version));
        throw new PipelineException(
            $"stack {newest.Stack}: {LastGood} is not known, because the newest version, {newest.Version}, cannot be read. "
                + $"{newest.Manifest.Reason} Name a version; good ones before it: {(others.Length > 0 ? others : "none")}."
        );
    }

    /// <summary>Finds the entry of a version.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="version">A version, its beginning, a serial, or <see cref="LastGood"/>.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="PipelineException">No entry or more than one entry matches. The message lists the entries.</exception>
    public async Task<ArchiveEntry> FindAsync(string stack, string version, CancellationToken cancellation)
    {
        var entries = await ListAsync(stack, cancellation);
        if (version == LastGood)
            RequireReadable(entries);
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
                ? $"stack {stack}: version {version} matches several versions: {there}. Give more characters of the version."
                : $"stack {stack}: version {version} is not in the archive. "
                    + $"{(entries.Count == 0 ? "The archive has no version of this stack." : $"Allowed: {there}.")}"
        );
    }

    /// <summary>
    /// Writes an entry: its parts, the locked audit record, and last the manifest. A second write of the same draft gives the
    /// same entry, and repairs an entry with a missing part. If a failed apply is followed by a successful one that changed
    /// nothing more, the entry becomes good.
    /// </summary>
    /// <exception cref="StorageException">The entry could not be written.</exception>
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
        // The stored parts count: the same files may be packed into different bytes.
        manifest = manifest with
        {
            Parts = there?.Parts ?? manifest.Parts,
        };
        await PutAsync(manifest, ManifestName, manifest.ToBytes(), cancellation);
        return new(manifest);
    }

    /// <summary>Reads the state of an entry.</summary>
    /// <exception cref="PipelineException">The state is missing or damaged.</exception>
    public Task<byte[]> ReadStateAsync(ArchiveEntry entry, CancellationToken cancellation) =>
        ReadPartAsync(entry, ArchivePart.State, cancellation);

    /// <summary>Unpacks the configuration of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="directory">An existing directory.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="PipelineException">The configuration is missing or damaged.</exception>
    public async Task ExtractAsync(ArchiveEntry entry, string directory, CancellationToken cancellation)
    {
        using var content = new MemoryStream(await ReadPartAsync(entry, ArchivePart.Configuration, cancellation));
        await StackPackage.UnpackAsync(content, directory, cancellation);
    }

    /// <summary>Reads every part of an entry and returns the problems; none if every digest is correct.</summary>
    public async Task<IReadOnlyList<string>> VerifyAsync(ArchiveEntry entry, CancellationToken cancellation)
    {
        if (entry.Manifest.Outcome == ApplyOutcome.Unreadable)
            return [entry.Manifest.Reason!];
        var problems = new List<string>();
        foreach (var part in entry.Manifest.Parts.Keys)
        {
            try
            {
                var key = KeyOf(entry.Stack, entry.Version, part);
                var found = await bucket.DigestAsync(key, keys.AllOf(entry.Stack), cancellation);
                Require(entry, part, found is { } content ? new(content.Sha256, content.Size) : null);
            }
            catch (PipelineException exception) when (exception is not StorageException { Fault: StorageFault.Unreachable })
            {
                problems.Add(exception.Message);
            }
        }
        return problems;
    }

    /// <summary>True if the listing has the entry and all its parts, with the sizes in its manifest.</summary>
    public async Task<bool> IsWholeAsync(ArchiveEntry entry, CancellationToken cancellation) =>
        await WholeAsync(entry.Stack, entry.Version, cancellation) is not null;

    /// <summary>The number of a stack's objects in the archive that can be read without a key, audit records included.</summary>
    public async Task<int> CountClearAsync(string stack, CancellationToken cancellation)
    {
        var objects = await bucket.ListAsync($"{stack}/", cancellation).Select(item => item.Key).ToListAsync(cancellation);
        return await bucket.CountOpenAsync(objects, stateKey: null, cancellation)
            + await Audit.CountClearAsync(stack, cancellation);
    }

    /// <summary>The number of incomplete entries: parts without a manifest, of writes that are running or were killed.</summary>
    public async Task<int> IncompleteEntriesAsync(string stack, CancellationToken cancellation) =>
        Folder
            .Of(await bucket.ListAsync(FolderOf(stack), cancellation).ToListAsync(cancellation))
            .Count(folder => !folder.HasManifest);

    /// <summary>
    /// Removes the entries that exceed the retention count (<see cref="Retention"/>) permanently: all their versions and delete
    /// markers. It also removes incomplete entries that are older than one hour. Locked entries are kept and reported.
    /// </summary>
    /// <param name="stack">The stack.</param>
    /// <param name="keep">The number of entries to keep.</param>
    /// <param name="cancellation">Stops between two deletions. A partly removed entry is not listed any more.</param>
    public async Task<PruneReport> PruneAsync(string stack, int keep, CancellationToken cancellation)
    {
        var folders = Folder.Of(await bucket.ListVersionsAsync(FolderOf(stack), cancellation).ToListAsync(cancellation));
        var incomplete = folders
            .Where(folder => !folder.HasManifest && folder.Modified < time.GetUtcNow() - _longestWrite)
            .ToList();
        foreach (var folder in incomplete)
            await RemoveAsync(folder, cancellation);

        var whole = folders.Where(folder => folder.HasManifest).ToDictionary(folder => folder.Version, StringComparer.Ordinal);
        var (removed, locked) = (new List<string>(), new List<LockedEntry>());
        // The manifests are read only if there are more entries than the count.
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
        return new(stack, whole.Count - removed.Count, removed, locked, incomplete.Count);
    }

    private static ArchiveEntry Read(string stack, StoredObject item, byte[] content)
    {
        var version = VersionIn(item.Key)!;
        try
        {
            var manifest = Manifest.Read(content);
            return manifest.Stack == stack && manifest.Version == version
                ? new(manifest)
                : throw new JsonException($"It is the manifest of stack {manifest.Stack}, version {manifest.Version}.");
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
        var content = await bucket.ReadAsync(KeyOf(entry.Stack, entry.Version, part), keys.AllOf(entry.Stack), cancellation);
        Require(entry, part, content is null ? null : ArchivePart.Of(content));
        return content!;
    }

    /// <summary>Requires that a part is what the manifest names.</summary>
    private static void Require(ArchiveEntry entry, string part, ArchivePart? found)
    {
        var name = $"stack {entry.Stack}, version {entry.Version}: the {part}";
        if (!entry.Manifest.Parts.TryGetValue(part, out var expected))
            throw new PipelineException($"{name} is not in the manifest. {OtherVersion}");
        if (found is null)
            throw new PipelineException($"{name} is missing in the archive, but the manifest names it. {OtherVersion}");
        if (found != expected)
        {
            throw new PipelineException(
                $"{name} is damaged: {found.Size} bytes with SHA-256 {found.Sha256}; the manifest has {expected.Size} bytes "
                    + $"with SHA-256 {expected.Sha256}. {OtherVersion}"
            );
        }
    }

    private async Task<string?> DigestAsync(ArchiveEntry entry, CancellationToken cancellation)
    {
        var key = KeyOf(entry.Stack, entry.Version, ArchivePart.Configuration);
        return await bucket.ReadAsync(key, keys.AllOf(entry.Stack), cancellation) is { } packed
            ? StackPackage.DigestOf(packed)
            : null;
    }

    private static string OtherVersion => "Use another version (\"archive list\"), and find out what wrote to the archive.";

    /// <summary>
    /// The manifest of an entry if all its parts exist with the correct sizes; null if the entry is missing or not complete.
    /// </summary>
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
                return $"{name}: its lock cannot be read, because none of the given state keys is its key";
            }
        }
        return null;
    }

    // The manifest is removed first, so that a partly removed entry is not listed. Its latest version is removed last, so that no
    // older version becomes the latest.
    private async Task RemoveAsync(Folder folder, CancellationToken cancellation)
    {
        foreach (var item in folder.Objects.OrderBy(item => !Folder.IsManifest(item)).ThenBy(item => item.Latest))
            await bucket.DeleteAsync(item.Key, item.Version, cancellation);
    }

    /// <summary>The objects of one entry, or all versions of them.</summary>
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
