using System.Text;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Helm;
using InfraCdktf.Pipeline.State.Lookup;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State;

/// <summary>What a person found out about objects of a killed apply.</summary>
/// <param name="Adopted">Addresses of objects that exist, with their ids.</param>
/// <param name="Absent">Addresses of objects that do not exist.</param>
/// <param name="Discarded">Addresses of objects that are given up: they may exist, and no state gets them.</param>
/// <param name="Reason">Why they are given up; null if none is.</param>
public sealed record Findings(
    IReadOnlyDictionary<string, string> Adopted,
    IReadOnlySet<string> Absent,
    IReadOnlySet<string> Discarded,
    string? Reason
)
{
    /// <summary>Requires that each answer is about an object that an apply left open.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="journals">The journals of its applies.</param>
    /// <exception cref="UsageException">An answer is about another object.</exception>
    public void RequireOpen(string stack, IEnumerable<ApplyJournal> journals)
    {
        var given = journals.ToList();
        var contents = given.ConvertAll(journal => journal.Read());
        var open = contents.SelectMany(content => content.InFlight).Select(item => item.Address).ToList();
        // Somebody may have deleted what was created.
        var created = contents.SelectMany(content => content.Created).ToList();
        // An earlier recovery has noted the same answer, and was killed or left another object.
        var adopted = created.Where(item => Adopted.GetValueOrDefault(item.Address) == item.Id).Select(item => item.Address);
        var settled = given.SelectMany(journal => journal.Settled);
        Require("--adopt", Adopted.Keys, [.. open, .. adopted]);
        Require("--absent", Absent, [.. open, .. created.Select(item => item.Address), .. settled]);

        void Require(string option, IEnumerable<string> answers, IReadOnlyList<string> allowed)
        {
            if (answers.Except(allowed).Order(StringComparer.Ordinal).FirstOrDefault() is not { } wrong)
                return;
            var list = string.Join(", ", allowed.Distinct().Order(StringComparer.Ordinal));
            throw new UsageException(
                $"stack {stack}: {option} {wrong}: allowed: {(list == "" ? "nothing, no apply left an object open" : list)}. "
                    + "Nothing was changed. Run the command again without it."
            );
        }
    }

    /// <summary>These findings and those of searches.</summary>
    public Findings With(IReadOnlyDictionary<string, Search> searches) =>
        this with
        {
            Adopted = Adopted
                .Concat(
                    from item in searches
                    where item.Value.Id is not null
                    select KeyValuePair.Create(item.Key, item.Value.Id!)
                )
                .ToDictionary(StringComparer.Ordinal),
            Absent = Absent
                .Concat(searches.Where(item => item.Value.Verdict is Verdict.Absent).Select(item => item.Key))
                .ToHashSet(StringComparer.Ordinal),
        };
}

/// <summary>An object of which it is not known whether it exists, or which object it is.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Name">Its name in the configuration; null if the configuration has none.</param>
/// <param name="Look">The command or place where a person can check.</param>
/// <param name="Older">Ids of other objects of this address, which the state has; they are not the one to look for.</param>
public sealed record UnknownObject(string Address, string? Name, string Look, IReadOnlyList<string> Older)
{
    /// <summary>What a search found; null if no API is asked for objects of its type.</summary>
    public Search? Search { get; init; }

    /// <summary>Its id, if the apply created it and nothing with this id is found now; otherwise null.</summary>
    public string? Made { get; init; }
}

/// <summary>An object that exists and could not be imported.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Id">Its id.</param>
/// <param name="Error">Terraform's error.</param>
public sealed record RefusedObject(string Address, string Id, string Error);

/// <summary>The result of a recovery.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Released">The holder of the lock that was released; null if there was no lock.</param>
/// <param name="Saved">True if a state that could not be saved before is saved now.</param>
public sealed record RecoveryResult(string Stack, string? Released, bool Saved)
{
    /// <summary>Addresses that were imported into the state.</summary>
    public IReadOnlyList<string> Imported { get; init; } = [];

    /// <summary>Addresses of imported objects that replace another one, which the next apply deletes.</summary>
    public IReadOnlyList<string> Replacing { get; init; } = [];

    /// <summary>
    /// Addresses of imported objects whose secret is shown only at creation, and is lost: the next apply replaces them.
    /// </summary>
    public IReadOnlyList<string> SecretLost { get; init; } = [];

    /// <summary>Addresses whose object is in the state and marked as tainted: the next apply replaces it.</summary>
    public IReadOnlyList<string> Tainted { get; init; } = [];

    /// <summary>Addresses whose update or delete had begun. The next plan reads how far it came.</summary>
    public IReadOnlyList<string> Changing { get; init; } = [];

    /// <summary>Addresses of objects that do not exist.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>Objects that a person must check.</summary>
    public IReadOnlyList<UnknownObject> Unknown { get; init; } = [];

    /// <summary>Objects that exist and could not be imported.</summary>
    public IReadOnlyList<RefusedObject> Refused { get; init; } = [];

    /// <summary>Objects that were given up, with their ids: type.name (id).</summary>
    public IReadOnlyList<string> Discarded { get; init; } = [];

    /// <summary>Half done Helm releases and tainted objects, one sentence for each: what it is, and what was done.</summary>
    public IReadOnlyList<string> Repaired { get; init; } = [];

    /// <summary>The plan at the end of the recovery; null while objects are unknown.</summary>
    public RecoveryPlan? Next { get; init; }

    /// <summary>True if nothing is left to do before the next plan.</summary>
    public bool IsComplete => Unknown.Count == 0 && Refused.Count == 0;

    /// <summary>This result and that of another journal.</summary>
    public RecoveryResult With(RecoveryResult other) =>
        this with
        {
            Imported = [.. Imported, .. other.Imported],
            Replacing = [.. Replacing, .. other.Replacing],
            SecretLost = [.. SecretLost, .. other.SecretLost],
            Tainted = [.. Tainted, .. other.Tainted],
            Changing = [.. Changing, .. other.Changing],
            Gone = [.. Gone, .. other.Gone],
            Unknown = [.. Unknown, .. other.Unknown],
            Refused = [.. Refused, .. other.Refused],
            Discarded = [.. Discarded, .. other.Discarded],
        };
}

/// <summary>
/// Recovers after a killed apply. It releases the lock, saves a state that was not saved, and imports objects that are in the
/// account and in no state. The apply's journal has their ids. For an object whose create did not finish, the id may follow from
/// the configuration; if it does not, the recovery looks for the object, and takes it after one question for all. It holds the
/// lock, imports into a copy of the state in memory, and writes the live state in one call: a killed recovery has changed
/// nothing, and can be run again.
/// </summary>
/// <param name="workspace">The workspace that the apply ran in.</param>
/// <param name="approval">Asks before a lock is released, and before what was found is taken into the state.</param>
/// <param name="output">Output for people.</param>
public sealed class StateRecovery(Workspace workspace, Approval approval, CommandOutput output)
{
    private const string Command = "state recover";

    /// <summary>Recovers. After a kill it can be run again.</summary>
    /// <returns>The result; null if the release of the lock was not approved.</returns>
    /// <exception cref="PipelineException">The apply may still be running.</exception>
    /// <exception cref="UsageException">An answer is about an object that is not open.</exception>
    public async Task<RecoveryResult?> RunAsync(string stack, Findings findings, CancellationToken cancellation)
    {
        foreach (var running in workspace.Journals.Of(stack).Where(journal => journal.InUse))
            throw new PipelineException(
                $"stack {stack}: an apply is still running here and writes {running.File}. Wait until it has ended."
            );
        findings.RequireOpen(stack, workspace.Journals.Of(stack));
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var stateLock = StateLock.Of(buckets, workspace.Platform, stack);
        var holder = await stateLock.ReadAsync(cancellation);
        if (holder is not null && !await ReleaseAsync(buckets, stack, holder, cancellation))
            return null;

        var directory = workspace.Stack(stack);
        var terraform = workspace.Terraform(directory, Placeholders.Allowed);
        var result = await stateLock.HoldAsync(
            stack,
            Command,
            workspace.Environment,
            async () =>
            {
                await terraform.InitAsync(cancellation); // also encrypts a state that is in clear in the apply's directory
                var live = LiveState.Of(buckets, workspace.Platform, stack);
                var saved = await SaveAsync(live, stack, cancellation);
                // A state with only what the journal has would look like the state of the stack.
                await MissingState.RequireNoneAsync(workspace, stack, cancellation);
                return await ReconcileAsync(
                    new(stack, holder?.Describe(workspace.Time.GetUtcNow()), saved),
                    live,
                    buckets,
                    directory,
                    terraform,
                    findings,
                    cancellation
                );
            },
            cancellation
        );
        // Also if nothing was imported: a killed run has not archived what its Terraform saved.
        using var archiver = StackArchiver.Open(workspace, output.Line);
        await archiver.BackupAsync(stack, cancellation);
        return result;
    }

    private async Task<bool> ReleaseAsync(StateBuckets buckets, string stack, LockHolder holder, CancellationToken cancellation)
    {
        var description = holder.Describe(workspace.Time.GetUtcNow());
        var run = workspace.Journals.Of(stack).Any(journal => journal.Took(holder))
            ? new(false, "The apply that took it was killed: its journal is on this machine, and no process writes it")
            : StateLock.Of(buckets, workspace.Platform, stack).RunOf(holder);
        output.Line($"{stack}: locked by {description}; lock {holder.Id}. {run.Evidence}.");
        if (run.Alive != false)
        {
            throw new PipelineException(
                $"stack {stack}: its lock is held by {description}. {run.Evidence}. When that run has ended, run "
                    + $"{StateLock.UnlockCommand(stack)}, then this command again."
            );
        }
        approval.RequireSomebody("Its run has ended: to release the lock, add --yes.");
        if (!await approval.AskAsync($"Release the lock of {stack}?", cancellation))
            return false;
        await LockRelease.RunAsync(workspace, buckets, Command, stack, holder, run.Evidence, run.Evidence, cancellation);
        output.Line($"{stack}: released the lock of {description}.");
        return true;
    }

    /// <summary>Writes the states that applies could not save to the live bucket.</summary>
    private async Task<bool> SaveAsync(LiveState live, string stack, CancellationToken cancellation)
    {
        var errored = workspace.Errored.Of(stack);
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
        return errored.Count > 0;
    }

    private async Task<RecoveryResult> ReconcileAsync(
        RecoveryResult result,
        LiveState live,
        StateBuckets buckets,
        StackDirectory directory,
        TerraformCli terraform,
        Findings findings,
        CancellationToken cancellation
    )
    {
        var journals = workspace.Journals.Of(directory.Name);
        if (journals.Count == 0 && findings.Discarded.Count == 0)
            return result;
        var before = await live.ReadAsync(cancellation);
        using var copy = new StateCopy(workspace.Errored.Copy(directory, terraform.DataDirectory), terraform, before);
        Reconciliation With(Findings known, IReadOnlyDictionary<string, Search> searches) =>
            new(directory, copy, known)
            {
                Searches = searches,
                Importing = (item, id, import) => ImportingAsync(directory.Name, item, id, import),
                Discarding = item =>
                    RecordAsync(
                        directory.Name,
                        findings.Reason!,
                        new { discarded = new { item.Address, item.Id } },
                        cancellation
                    ),
            };
        var given = With(findings, new Dictionary<string, Search>());
        given.RequireDiscardable(journals);
        using var linode = new LinodeObjects(workspace.Environment, workspace.Time);
        var lookup = new ObjectLookup(
            [linode, new ClusterObjects(new KubectlObjects(workspace), new KubectlReleaseRecords(workspace))],
            new OtherStates(workspace, buckets, directory.Name),
            workspace.Time
        )
        {
            Besides = [StateBucket],
        };
        IReadOnlyList<StateObject> known = [.. copy.Objects, .. Created(journals)];
        await lookup.RequireFreeAsync(directory.Name, findings.Adopted, known, cancellation);
        var open = given.Open(journals);
        var searches = await lookup.FindAsync(open, known, cancellation);
        Write(directory.Name, open, searches);
        var reconciliation = With(findings.With(await TakenAsync(directory.Name, open, searches, cancellation)), searches);
        var done = new List<ApplyJournal>();
        foreach (var journal in journals)
        {
            var part = await reconciliation.RunAsync(journal, cancellation);
            result = result.With(part);
            if (part.IsComplete)
                done.Add(journal);
        }
        if (result.Imported.Count > 0)
            await live.WriteAsync(Encoding.UTF8.GetBytes(copy.Next(before)), cancellation);
        foreach (var journal in done)
            journal.Remove();
        return result;
    }

    private static IEnumerable<StateObject> Created(IEnumerable<ApplyJournal> journals) =>
        journals
            .SelectMany(journal => journal.Read().Created)
            .Select(item => new StateObject(item.Address, item.Type, item.Id!, null));

    // "state bootstrap" makes it in the account of the platform, before the first apply.
    private StateObject StateBucket
    {
        get
        {
            var (region, name) = (workspace.Platform.Region, workspace.Platform.State.Bucket);
            return new("the bucket of the states", "linode_object_storage_bucket", $"{region}:{name}", name);
        }
    }

    private Task<bool> ImportingAsync(string stack, JournalObject item, string id, Func<Task<bool>> import)
    {
        var what = $"importing {item.Address} with the id {id}";
        output.Line($"{stack}: {what} ...");
        return new LongStep(workspace.Time, line => output.Line($"{stack}: {line}")).RunAsync(what, Wait(item.Type), import);
    }

    private static string? Wait(string type) =>
        type switch
        {
            // Measured with provider 3.13.0: the import ends when the kubeconfig can be read. OpenAPI 4.229.1 about a create of a
            // cluster: "it often takes 2-5 minutes".
            "linode_lke_cluster" => "The provider waits until the cluster's kubeconfig can be read: often 2 to 5 minutes after "
                + "its creation.",
            _ => "The provider reads it.",
        };

    private void Write(string stack, IReadOnlyList<OpenCreate> open, IReadOnlyDictionary<string, Search> searches)
    {
        foreach (var create in open)
        {
            var (item, ids) = (create.Object, create.Ids);
            if (searches.GetValueOrDefault(item.Address) is not { } search)
                continue;
            // The state has the only one.
            if (create.Occupant is not null && search.Verdict is Verdict.Absent or Verdict.NotMade)
                continue;
            // The rest of those that need no answer is imported, or noted as absent: that is said then.
            if (Reconciliation.NeedsAnswer(item, ids) || search.Verdict is not (Verdict.Found or Verdict.Absent))
            {
                var name = ids.NameOf(item.Address) is { } given ? $", named {given}" : "";
                output.Line($"{stack}: {item.Address}{name}: {search.Text}");
            }
        }
    }

    /// <summary>What is sure, if a person or <c>--yes</c> approves it: one question for all.</summary>
    private async Task<IReadOnlyDictionary<string, Search>> TakenAsync(
        string stack,
        IReadOnlyList<OpenCreate> open,
        IReadOnlyDictionary<string, Search> searches,
        CancellationToken cancellation
    )
    {
        var sure = open.Where(create => create.Occupant is null && Reconciliation.NeedsAnswer(create.Object, create.Ids))
            .Select(create => create.Object.Address)
            .Where(address => searches.GetValueOrDefault(address) is { IsSure: true })
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(address => address, address => searches[address], StringComparer.Ordinal);
        if (sure.Count == 0 || !approval.IsPossible)
            return new Dictionary<string, Search>();
        var exist = sure.Values.Count(search => search.Id is not null);
        var question = $"Take {exist} found object(s) into the state of {stack}, and note {sure.Count - exist} as not existing?";
        if (!await approval.AskAsync(question, cancellation))
            return new Dictionary<string, Search>();
        var taken = sure.Select(item => new
        {
            Address = item.Key,
            item.Value.Id,
            item.Value.Sightings,
        });
        await RecordAsync(stack, "Found by their names and the time of the apply", new { taken }, cancellation);
        return sure;
    }

    private async Task RecordAsync(string stack, string reason, object details, CancellationToken cancellation)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var facts = await RunContext.ReadAsync(workspace, cancellation);
        await StateArchive
            .Of(workspace, buckets)
            .Audit.WriteAsync(AuditRecord.Of(facts, Command, stack, reason, details), cancellation);
    }
}
