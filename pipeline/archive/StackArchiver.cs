using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>Facts about an apply that are not in its state.</summary>
public sealed record ApplyNote
{
    /// <summary>The outcome to record if the apply succeeds.</summary>
    public ApplyOutcome Outcome { get; init; } = ApplyOutcome.Succeeded;

    /// <summary>The digest of the applied plan; null if no saved plan is applied.</summary>
    public string? PlanDigest { get; init; }

    /// <summary>The reason, if the operation needs one.</summary>
    public string? Reason { get; init; }

    /// <summary>The version that a rollback or a restore goes back to; null otherwise.</summary>
    public string? WentBackTo { get; init; }
}

/// <summary>The result of archiving.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Version">The version of the entry; null if there is no state to archive.</param>
/// <param name="Place">Where the entry is.</param>
public sealed record Archived(string Stack, string? Version, ArchivePlace Place);

/// <summary>Where an entry is.</summary>
public enum ArchivePlace
{
    /// <summary>In the archive, written by this run.</summary>
    Archive,

    /// <summary>In the archive already, before this run.</summary>
    ThereAlready,

    /// <summary>Queued on this machine, encrypted, because the archive could not be written to.</summary>
    Queue,

    /// <summary>Nowhere, because there is nothing to archive.</summary>
    None,
}

/// <summary>
/// Archives the state after an apply. <c>deploy</c>, <c>destroy</c>, <c>rollback</c>, <c>backup</c>, <c>state bootstrap</c>,
/// <c>state restore</c>, <c>state recover</c>, <c>state rekey</c> and the rehearsal use it. It reads the state from the live
/// bucket, queues it encrypted on this machine, then writes it to the archive. So no apply is lost if the run is killed or the
/// archive cannot be reached.
/// </summary>
public sealed class StackArchiver : IDisposable
{
    // The time limit for archiving after a failed apply, or after a stop on request. Archiving a state of 5 MB takes less than
    // 2 s.
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(20);

    private readonly Workspace _workspace;
    private readonly StateBuckets _buckets;
    private readonly Action<string> _say;

    private StackArchiver(Workspace workspace, StateBuckets buckets, Action<string> say)
    {
        (_workspace, _buckets, _say) = (workspace, buckets, say);
        Archive = StateArchive.Of(workspace, buckets);
        Archive.Progress = new TransferProgress(say, workspace.Time).Report;
        Queue = new(workspace.QueueDirectory, buckets.Keys, say);
    }

    /// <summary>The archive.</summary>
    public StateArchive Archive { get; }

    /// <summary>The entries that are queued on this machine.</summary>
    public ArchiveQueue Queue { get; }

    /// <summary>Opens archive and queue without any call.</summary>
    /// <param name="workspace">The workspace of the stacks.</param>
    /// <param name="say">Called with each line that a user must see.</param>
    /// <exception cref="PipelineException">The environment has no credentials for the buckets.</exception>
    public static StackArchiver Open(Workspace workspace, Action<string> say) =>
        new(workspace, StateBuckets.Open(workspace.Platform, workspace.Environment), say);

    /// <summary>
    /// Runs an apply and archives the state after it. If the apply fails or is stopped, the entry is marked as failed and the
    /// exception is thrown again.
    /// </summary>
    public async Task<Archived> ApplyAsync(StackDirectory stack, ApplyNote note, Func<Task> apply, CancellationToken cancellation)
    {
        var facts = await RunContext.ReadAsync(_workspace, cancellation);
        try
        {
            await apply();
        }
        catch
        {
            await ArchiveFailedAsync(stack, note, facts);
            throw;
        }
        // What was applied is archived, also if a stop was requested meanwhile: then in a limited time.
        using var own = new CancellationTokenSource();
        await using var limit = cancellation.Register(() => own.CancelAfter(_afterFailure));
        try
        {
            return await ArchiveAsync(stack, note, facts, own.Token);
        }
        catch (Exception exception) when (exception is PipelineException or IOException or OperationCanceledException)
        {
            throw new PipelineException(NotArchived(stack.Name, exception), exception);
        }
    }

    /// <summary>
    /// Archives the live state if it is not in the archive yet. It is for a state that was applied by other means.
    /// </summary>
    /// <exception cref="StorageException">The archive cannot be written to. The entry is queued on this machine.</exception>
    public Task<Archived> BackupAsync(string stack, CancellationToken cancellation) =>
        BackupAsync(stack, ApplyOutcome.Backup, cancellation);

    /// <summary>
    /// Archives a live state that a restore replaces next. The entry is not marked as good: if the restore is killed, the next
    /// one must not select it as the newest good version.
    /// </summary>
    public Task<Archived> KeepReplacedAsync(string stack, CancellationToken cancellation) =>
        BackupAsync(stack, ApplyOutcome.Replaced, cancellation);

    private async Task<Archived> BackupAsync(string stack, ApplyOutcome outcome, CancellationToken cancellation)
    {
        await Queue.SendAsync(Archive, stack, cancellation);
        if (await ReadLiveAsync(stack, cancellation) is not { } state)
            return new(stack, null, ArchivePlace.None);
        // Only the state is compared: the stack's directory may have changed since the apply.
        var (file, digest) = (StateFile.Parse(state), ArchivePart.Of(state));
        foreach (var entry in await Archive.ListAsync(stack, cancellation))
        {
            if (
                entry.Manifest.Serial == file.Serial
                && entry.Manifest.Lineage == file.Lineage
                && entry.Manifest.Parts.GetValueOrDefault(ArchivePart.State) == digest
                && await Archive.IsWholeAsync(entry, cancellation)
            )
                return new(stack, entry.Version, ArchivePlace.ThereAlready);
        }
        var facts = await RunContext.ReadAsync(_workspace, cancellation);
        var draft = ArchiveDraft.Of(_workspace.Stack(stack), state, facts, outcome, _workspace.Time.GetUtcNow());
        await Queue.AddAsync(draft, cancellation);
        await Queue.SendAsync(Archive, stack, cancellation);
        await PruneAsync(stack, cancellation);
        return new(stack, draft.Manifest.Version, ArchivePlace.Archive);
    }

    /// <summary>Sends the queued entries of a stack if nothing was applied.</summary>
    public async Task<Archived> NothingAppliedAsync(string stack, CancellationToken cancellation) =>
        new(stack, null, await SendAsync(stack, cancellation) ? ArchivePlace.None : ArchivePlace.Queue);

    // True if no entry of the stack is queued any more.
    private async Task<bool> SendAsync(string stack, CancellationToken cancellation)
    {
        try
        {
            await Queue.SendAsync(Archive, stack, cancellation);
            return true;
        }
        catch (StorageException exception)
        {
            _say(
                $"{stack}: NOT in the archive yet: {exception.Message} The version is queued, encrypted, in "
                    + $"{_workspace.QueueDirectory}. The next \"deploy {stack}\" or \"backup {stack}\" from here sends it."
            );
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buckets.Dispose();

    // A failure here is only reported: it must not replace the exception of the apply.
    private async Task ArchiveFailedAsync(StackDirectory stack, ApplyNote note, RunContext facts)
    {
        using var limit = new CancellationTokenSource(_afterFailure);
        try
        {
            await ArchiveAsync(stack, note with { Outcome = ApplyOutcome.Failed }, facts, limit.Token);
        }
        catch (Exception exception)
        {
            _say(NotArchived(stack.Name, exception));
        }
    }

    private static string NotArchived(string stack, Exception exception) =>
        $"{stack}: the state after this apply is NOT in the archive: {exception.Message} Then run \"backup {stack}\".";

    private async Task<Archived> ArchiveAsync(
        StackDirectory stack,
        ApplyNote note,
        RunContext facts,
        CancellationToken cancellation
    )
    {
        if (await ReadLiveAsync(stack.Name, cancellation) is not { } state)
            return new(stack.Name, null, ArchivePlace.None);
        var draft = ArchiveDraft.Of(stack, state, facts, note.Outcome, _workspace.Time.GetUtcNow());
        draft = draft with
        {
            Manifest = draft.Manifest with { PlanDigest = note.PlanDigest, Reason = note.Reason, WentBackTo = note.WentBackTo },
        };
        await Queue.AddAsync(draft, cancellation);
        if (!await SendAsync(stack.Name, cancellation))
            return new(stack.Name, draft.Manifest.Version, ArchivePlace.Queue);
        await PruneAsync(stack.Name, cancellation);
        return new(stack.Name, draft.Manifest.Version, ArchivePlace.Archive);
    }

    private Task<byte[]?> ReadLiveAsync(string stack, CancellationToken cancellation) =>
        _buckets.Live.ReadAsync(StateAddress.Of(_workspace.Platform, stack).Key, _buckets.Keys.AllOf(stack), cancellation);

    /// <summary>The outputs in the live state of a stack that are not sensitive; empty if there is no state.</summary>
    /// <exception cref="PipelineException">The state cannot be read.</exception>
    public async Task<IReadOnlyDictionary<string, JsonNode?>> ReadOutputsAsync(string stack, CancellationToken cancellation) =>
        await ReadLiveAsync(stack, cancellation) is { } state
            ? StateFile.Parse(state).PlainOutputs
            : new Dictionary<string, JsonNode?>();

    // The apply is archived already, so a failure to prune is only reported.
    private async Task PruneAsync(string stack, CancellationToken cancellation)
    {
        try
        {
            var report = await Archive.PruneAsync(stack, _workspace.Platform.State.Versions, cancellation);
            foreach (var locked in report.Locked)
                _say($"{stack}: version {locked.Version} exceeds the retention count but is locked ({locked.Lock}); it is kept.");
        }
        catch (StorageException exception)
        {
            _say($"{stack}: old versions could not be removed: {exception.Message} To try again, run \"archive prune {stack}\".");
        }
    }
}
