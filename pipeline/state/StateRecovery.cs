using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State;

/// <summary>What a person found out about objects whose create did not finish.</summary>
/// <param name="Adopted">Addresses of objects that exist, with their ids.</param>
/// <param name="Absent">Addresses of objects that do not exist.</param>
public sealed record Findings(IReadOnlyDictionary<string, string> Adopted, IReadOnlySet<string> Absent);

/// <summary>An object of which it is not known whether it exists.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Name">Its name in the configuration; null if the configuration has none.</param>
/// <param name="Look">The command or place where a person can check.</param>
public sealed record UnknownObject(string Address, string? Name, string Look);

/// <summary>The result of a recovery.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Released">The holder of the lock that was released; null if there was no lock.</param>
/// <param name="Saved">True if a state that could not be saved before is saved now.</param>
/// <param name="Imported">Addresses that were imported into the state.</param>
/// <param name="Gone">Addresses of objects that do not exist.</param>
/// <param name="Unknown">Objects that a person must check.</param>
public sealed record RecoveryResult(
    string Stack,
    string? Released,
    bool Saved,
    IReadOnlyList<string> Imported,
    IReadOnlyList<string> Gone,
    IReadOnlyList<UnknownObject> Unknown
)
{
    /// <summary>Half done Helm releases and tainted objects, one sentence for each: what it is, and what was done.</summary>
    public IReadOnlyList<string> Repaired { get; init; } = [];

    /// <summary>The plan at the end of the recovery; null while objects are unknown.</summary>
    public RecoveryPlan? Next { get; init; }
}

/// <summary>
/// Recovers after a killed apply. It releases the lock, saves a state that was not saved, and imports objects that are in the
/// account and in no state. The apply's journal has their ids. For an object whose create did not finish, the id may follow from
/// the configuration; if it does not, a person must check the object.
/// </summary>
/// <param name="workspace">The workspace that the apply ran in.</param>
/// <param name="output">Output for people.</param>
public sealed class StateRecovery(Workspace workspace, CommandOutput output)
{
    // Terraform's error if a provider finds no object with an id.
    private const string NotThere = "Cannot import non-existent remote object";

    /// <summary>Recovers. After a kill it can be run again.</summary>
    /// <exception cref="PipelineException">The apply may still be running.</exception>
    public async Task<RecoveryResult> RunAsync(string stack, Findings findings, CancellationToken cancellation)
    {
        foreach (var running in workspace.Journals.Of(stack).Where(journal => journal.InUse))
            throw new PipelineException(
                $"stack {stack}: an apply is still running here and writes {running.File}. Wait until it has ended."
            );
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var released = await ReleaseAsync(buckets, stack, cancellation);

        var directory = workspace.Stack(stack);
        var terraform = workspace.Terraform(directory, Placeholders.Allowed);
        await terraform.InitAsync(cancellation); // also encrypts a state that is in clear in the apply's directory
        var saved = await SaveAsync(buckets, stack, cancellation);

        var result = new RecoveryResult(stack, released, saved, [], [], []);
        foreach (var journal in workspace.Journals.Of(stack))
        {
            var part = await FollowAsync(journal, directory, terraform, findings, cancellation);
            result = result with
            {
                Imported = [.. result.Imported, .. part.Imported],
                Gone = [.. result.Gone, .. part.Gone],
                Unknown = [.. result.Unknown, .. part.Unknown],
            };
            if (part.Unknown.Count == 0)
                journal.Remove();
        }
        if (result.Imported.Count > 0 || saved)
        {
            using var archiver = StackArchiver.Open(workspace, output.Line);
            await archiver.BackupAsync(stack, cancellation);
        }
        return result;
    }

    private async Task<string?> ReleaseAsync(StateBuckets buckets, string stack, CancellationToken cancellation)
    {
        var stateLock = StateLock.Of(buckets, workspace.Platform, stack);
        if (await stateLock.ReadAsync(cancellation) is not { } holder)
            return null;
        var description = holder.Describe(workspace.Time.GetUtcNow());
        var run = workspace.Journals.Of(stack).Any(journal => journal.Took(holder))
            ? new(false, "The apply that took it was killed: its journal is on this machine, and no process writes it")
            : LockingRun.Of(holder);
        if (run.Alive != false)
        {
            throw new PipelineException(
                $"stack {stack}: its lock is held by {description}. {run.Evidence}. When that run has ended: \"state unlock "
                    + $"{stack} --reason TEXT\", then this command again."
            );
        }
        await stateLock.ReleaseAsync(holder.Id, cancellation);
        output.Line($"{stack}: released the lock of {description}. {run.Evidence}.");
        var facts = await RunContext.ReadAsync(workspace, cancellation);
        await StateArchive
            .Of(workspace, buckets)
            .Audit.WriteAsync(
                AuditRecord.Of(facts, "state recover", stack, run.Evidence, new { released = holder }),
                cancellation
            );
        return description;
    }

    /// <summary>Writes the states that applies could not save to the live bucket.</summary>
    private async Task<bool> SaveAsync(StateBuckets buckets, string stack, CancellationToken cancellation)
    {
        var errored = workspace.Errored.Of(stack);
        if (errored.Count == 0)
            return false;
        await using var held = await StateLock
            .Of(buckets, workspace.Platform, stack)
            .TakeAsync(stack, "state recover", workspace.Environment, cancellation);
        var live = LiveState.Of(buckets, workspace.Platform, stack);
        foreach (var state in errored)
        {
            using var content = new MemoryStream();
            await using (var encrypted = workspace.Errored.OpenRead(state))
                await encrypted.CopyToAsync(content, cancellation);
            var unsaved = StateFile.Parse(content.GetBuffer().AsSpan(0, (int)content.Length));
            var before = await live.ReadAsync(cancellation);
            var now = LiveState.TryParse(before);
            if (before is not null && (now is null || now.Lineage != unsaved.Lineage || now.Serial > unsaved.Serial))
            {
                throw new PipelineException(
                    $"stack {stack}: the state that an apply could not save (serial {unsaved.Serial}, {state.File}) does not "
                        + $"follow the live state ({(now is null ? "not a valid state" : $"serial {now.Serial}")}). "
                        + $"First repair the live state (\"state restore {stack} last-good\"), or find out which run "
                        + "applied in between."
                );
            }
            await live.WriteAsync(content.ToArray(), cancellation);
            workspace.Errored.Remove(state);
            output.Line($"{stack}: the state that an apply could not save is saved now, with serial {unsaved.Serial}.");
        }
        return true;
    }

    private async Task<RecoveryResult> FollowAsync(
        ApplyJournal journal,
        StackDirectory directory,
        TerraformCli terraform,
        Findings findings,
        CancellationToken cancellation
    )
    {
        var content = journal.Read();
        var state = StateFile.FromPull(await terraform.PullStateAsync(cancellation));
        var known = (state?.Objects ?? []).ToDictionary(item => item.Address, item => item.Id, StringComparer.Ordinal);
        foreach (var made in content.Created)
            known.TryAdd(made.Address, made.Id!);
        var ids = new ImportIds(directory.Configuration, known.GetValueOrDefault);
        var inState = (state?.Objects ?? []).Select(item => item.Address).ToHashSet(StringComparer.Ordinal);

        var (imported, gone, unknown) = (new List<string>(), new List<JournalObject>(), new List<UnknownObject>());
        foreach (var item in content.Created.Concat(content.InFlight).Where(item => !inState.Contains(item.Address)))
        {
            var found = findings.Adopted.GetValueOrDefault(item.Address) is { } given ? item with { Id = given } : item;
            // A failed create may have collided with another owner's object of the same name, so it is imported only by --adopt.
            var id = item.Failed && found.Id is null ? null : ids.Of(found);
            if (findings.Absent.Contains(item.Address))
                gone.Add(item);
            else if (id is null)
                unknown.Add(Unknown(item, ids));
            else if (await ImportAsync(terraform, found, id, cancellation))
                imported.Add(item.Address);
            else
                gone.Add(item);
        }
        foreach (var item in gone)
            journal.Settle(item);
        return new(journal.Stack, null, false, imported, [.. gone.Select(item => item.Address)], unknown);
    }

    private static UnknownObject Unknown(JournalObject item, ImportIds ids)
    {
        var name = ids.NameOf(item.Address);
        return new(item.Address, name, WhereToLook.Of(item.Type, name, ids.NamespaceOf(item.Address)));
    }

    private async Task<bool> ImportAsync(TerraformCli terraform, JournalObject item, string id, CancellationToken cancellation)
    {
        try
        {
            await terraform.ImportAsync(item.Address, id, cancellation);
        }
        catch (TerraformException exception) when (exception.Error.Contains(NotThere, StringComparison.Ordinal))
        {
            return false;
        }
        if (ImportIds.TellsItsSecretOnce(item.Type))
        {
            await terraform.TaintAsync(item.Address, cancellation);
            output.Line(
                $"{terraform.Stack}: {item.Address} is imported into the state. Its secret is shown only at creation and is "
                    + "lost, so the next deploy replaces it."
            );
        }
        return true;
    }
}
