using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State;

/// <summary>What a person found out about objects that were in flight.</summary>
/// <param name="Adopted">Addresses with the ids under which they are there.</param>
/// <param name="Absent">Addresses of what is not there.</param>
public sealed record Findings(IReadOnlyDictionary<string, string> Adopted, IReadOnlySet<string> Absent);

/// <summary>An object of which nobody knows whether it was made.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Name">What it is called in the configuration; null when nothing says so.</param>
/// <param name="Look">Where to look.</param>
public sealed record UnknownObject(string Address, string? Name, string Look);

/// <summary>What came of a recovery.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Released">Who had held the lock that was released; null when nobody held it.</param>
/// <param name="Saved">Whether a state that could not be saved has been now.</param>
/// <param name="Imported">Addresses that are in the state again.</param>
/// <param name="Gone">Addresses that were made and are not there any more.</param>
/// <param name="Unknown">What a person must look for.</param>
public sealed record RecoveryResult(
    string Stack,
    string? Released,
    bool Saved,
    IReadOnlyList<string> Imported,
    IReadOnlyList<string> Gone,
    IReadOnlyList<UnknownObject> Unknown
);

/// <summary>
/// Mends what a killed apply left: its lock, a state that was not saved, and objects that are in the account and in no state. Their ids stand in the apply's
/// journal; an object that was in flight is looked for where its id follows from the configuration, and named to a person where it does not.
/// </summary>
/// <param name="workspace">Where the apply ran.</param>
/// <param name="output">Where people read.</param>
public sealed class StateRecovery(Workspace workspace, CommandOutput output)
{
    // Terraform's own words when a provider finds nothing under an id.
    private const string NotThere = "Cannot import non-existent remote object";

    /// <summary>Recovers; it can be killed and run again.</summary>
    /// <exception cref="PipelineException">The apply may still be running.</exception>
    public async Task<RecoveryResult> RunAsync(string stack, Findings findings, CancellationToken cancellation)
    {
        foreach (var running in workspace.Journals.Of(stack).Where(journal => journal.InUse))
            throw new PipelineException(
                $"stack {stack}: an apply is still running here and writes {running.File}. Wait for its end."
            );
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var released = await ReleaseAsync(buckets, stack, cancellation);

        var directory = workspace.Stack(stack);
        TerraformCli terraform = workspace.Terraform(directory, Placeholders.Allowed);
        await terraform.InitAsync(cancellation); // also seals a state that lies in clear where the apply ran
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
            ? new(false, "The apply that took it was killed: its journal lies here, and nobody writes it")
            : LockingRun.Of(holder);
        if (run.Alive != false)
        {
            throw new PipelineException(
                $"stack {stack}: its lock is held by {description}. {run.Evidence}. When it has ended: \"state unlock {stack} --reason TEXT\", then this command again."
            );
        }
        await stateLock.ReleaseAsync(holder.Id, cancellation);
        output.Line($"{stack}: released the lock of {description}. {run.Evidence}.");
        RunContext facts = await RunContext.ReadAsync(workspace, cancellation);
        await StateArchive
            .Of(workspace, buckets)
            .Audit.WriteAsync(
                AuditRecord.Of(facts, "state recover", stack, run.Evidence, new { released = holder }),
                cancellation
            );
        return description;
    }

    /// <summary>Puts back the newest state that an apply could not save.</summary>
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
            await using (var sealedState = workspace.Errored.OpenRead(state))
                await sealedState.CopyToAsync(content, cancellation);
            var unsaved = StateFile.Parse(content.GetBuffer().AsSpan(0, (int)content.Length));
            var before = await live.ReadAsync(cancellation);
            var now = LiveState.TryParse(before);
            if (before is not null && (now is null || now.Lineage != unsaved.Lineage || now.Serial > unsaved.Serial))
            {
                throw new PipelineException(
                    $"stack {stack}: the state that an apply could not save (serial {unsaved.Serial}, {state.File}) does not follow the live one ({(now is null ? "which is no state" : $"serial {now.Serial}")}). "
                        + $"First mend the live state (\"state restore {stack} last-good\"), or see who applied in between."
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
            // What failed may stand in the way of somebody else's object of that name: it is never taken without being asked for.
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
                $"{terraform.Stack}: {item.Address} is in the state again; its secret was told once and is lost, so the next deploy replaces it."
            );
        }
        return true;
    }
}
