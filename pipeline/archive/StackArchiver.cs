using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>What is known of an apply besides what it leaves behind.</summary>
public sealed record ApplyNote
{
    /// <summary>How it went when it succeeds.</summary>
    public ApplyOutcome Outcome { get; init; } = ApplyOutcome.Succeeded;

    /// <summary>Which plan is applied; null when none of ours is.</summary>
    public string? PlanDigest { get; init; }

    /// <summary>Why, where somebody had to say so.</summary>
    public string? Reason { get; init; }

    /// <summary>The version that a rollback or a restore brings back; null otherwise.</summary>
    public string? WentBackTo { get; init; }
}

/// <summary>What became of an entry.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Version">The entry; null when there is no state to archive.</param>
/// <param name="Place">Where it is.</param>
public sealed record Archived(string Stack, string? Version, ArchivePlace Place);

/// <summary>Where an entry is.</summary>
public enum ArchivePlace
{
    /// <summary>Written now.</summary>
    Archive,

    /// <summary>There already.</summary>
    ThereAlready,

    /// <summary>Sealed on this machine, because the archive cannot be written to now.</summary>
    Queue,

    /// <summary>Nowhere: there is nothing to archive.</summary>
    None,
}

/// <summary>
/// Puts into the archive what an apply left behind: the one way for <c>deploy</c>, <c>destroy</c>, <c>rollback</c>, <c>backup</c> and the rehearsal. The state is read from the live bucket,
/// sealed on this machine first, then written; so neither a killed run nor an archive out of reach loses an apply.
/// </summary>
public sealed class StackArchiver : IDisposable
{
    // What an interrupted run may still take: the archive of a state of 5 MB takes under 2 s.
    private static readonly TimeSpan _lastWords = TimeSpan.FromSeconds(20);

    private readonly Workspace _workspace;
    private readonly StateBuckets _buckets;
    private readonly Action<string> _say;

    private StackArchiver(Workspace workspace, StateBuckets buckets, Action<string> say)
    {
        (_workspace, _buckets, _say) = (workspace, buckets, say);
        Archive = StateArchive.Of(workspace, buckets);
        Archive.Progress = new TransferProgress(say, workspace.Time).Report;
        Queue = new(workspace.QueueDirectory, buckets.Keys);
    }

    /// <summary>The archive.</summary>
    public StateArchive Archive { get; }

    /// <summary>What waits on this machine.</summary>
    public ArchiveQueue Queue { get; }

    /// <summary>Opens archive and queue; nothing is called yet.</summary>
    /// <param name="workspace">Where the stacks are.</param>
    /// <param name="say">Told in a line what somebody must know.</param>
    /// <exception cref="PipelineException">There are no credentials for the buckets.</exception>
    public static StackArchiver Open(Workspace workspace, Action<string> say) =>
        new(workspace, StateBuckets.Open(workspace.Platform, workspace.Environment), say);

    /// <summary>Runs an apply and archives what it leaves behind, also when it fails or is stopped: then marked so, and its failure goes on.</summary>
    public async Task<Archived> ApplyAsync(StackDirectory stack, ApplyNote note, Func<Task> apply, CancellationToken cancellation)
    {
        RunContext facts = await RunContext.ReadAsync(_workspace, cancellation);
        try
        {
            await apply();
        }
        catch
        {
            await ArchiveFailedAsync(stack, note, facts);
            throw;
        }
        try
        {
            return await ArchiveAsync(stack, note, facts, cancellation);
        }
        catch (Exception exception) when (exception is PipelineException or IOException)
        {
            throw new PipelineException(NotArchived(stack.Name, exception), exception);
        }
    }

    /// <summary>Archives what lies in the live bucket now, unless it is there already: for what was applied by other means.</summary>
    /// <exception cref="StorageException">The archive cannot be written to; the entry waits on this machine.</exception>
    public Task<Archived> BackupAsync(string stack, CancellationToken cancellation) =>
        BackupAsync(stack, ApplyOutcome.Backup, cancellation);

    /// <summary>The same for a state that is about to be written over. Killed before that, the next restore must not take it for the newest good one.</summary>
    public Task<Archived> KeepReplacedAsync(string stack, CancellationToken cancellation) =>
        BackupAsync(stack, ApplyOutcome.Replaced, cancellation);

    private async Task<Archived> BackupAsync(string stack, ApplyOutcome outcome, CancellationToken cancellation)
    {
        await Queue.SendAsync(Archive, stack, cancellation);
        if (await ReadLiveAsync(stack, cancellation) is not { } state)
            return new(stack, null, ArchivePlace.None);
        // By state alone: what lies in the stack's directory may have moved on since it was applied.
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
        RunContext facts = await RunContext.ReadAsync(_workspace, cancellation);
        var draft = ArchiveDraft.Of(_workspace.Stack(stack), state, facts, outcome, _workspace.Time.GetUtcNow());
        await Queue.AddAsync(draft, cancellation);
        await Queue.SendAsync(Archive, stack, cancellation);
        await PruneAsync(stack, cancellation);
        return new(stack, draft.Manifest.Version, ArchivePlace.Archive);
    }

    /// <summary>Nothing was applied; what waits of a stack is sent.</summary>
    public async Task<Archived> NothingAppliedAsync(string stack, CancellationToken cancellation) =>
        new(stack, null, await SendAsync(stack, cancellation) ? ArchivePlace.None : ArchivePlace.Queue);

    // True when nothing of the stack waits any more.
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
                $"{stack}: NOT in the archive yet: {exception.Message} It is kept, encrypted, in {_workspace.QueueDirectory}; the next \"deploy {stack}\" or \"backup {stack}\" from here sends it."
            );
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buckets.Dispose();

    // The failure of the apply is what must be seen: no other takes its place.
    private async Task ArchiveFailedAsync(StackDirectory stack, ApplyNote note, RunContext facts)
    {
        using var lastWords = new CancellationTokenSource(_lastWords);
        try
        {
            await ArchiveAsync(stack, note with { Outcome = ApplyOutcome.Failed }, facts, lastWords.Token);
        }
        catch (Exception exception)
        {
            _say(NotArchived(stack.Name, exception));
        }
    }

    private static string NotArchived(string stack, Exception exception) =>
        $"{stack}: what this apply left is NOT in the archive: {exception.Message} Then run \"backup {stack}\".";

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

    // The apply is archived: too many versions are no reason to fail.
    private async Task PruneAsync(string stack, CancellationToken cancellation)
    {
        try
        {
            var report = await Archive.PruneAsync(stack, _workspace.Platform.State.Versions, cancellation);
            foreach (var locked in report.Locked)
                _say($"{stack}: version {locked.Version} is too many and stays, because it is locked ({locked.Lock}).");
        }
        catch (StorageException exception)
        {
            _say($"{stack}: old versions could not be removed: {exception.Message} \"state prune {stack}\" tries again.");
        }
    }
}
