using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State.Lookup;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State;

/// <summary>Adds what killed applies created to a state, journal by journal, the oldest first.</summary>
/// <param name="directory">The stack, with the configuration of the apply.</param>
/// <param name="target">The state.</param>
/// <param name="findings">What a person found out.</param>
public sealed class Reconciliation(StackDirectory directory, IImportTarget target, Findings findings)
{
    /// <summary>Runs an import, with the object and its import id. An import can take minutes.</summary>
    public Func<JournalObject, string, Func<Task<bool>>, Task<bool>> Importing { get; init; } = (_, _, import) => import();

    /// <summary>Called before an object is given up; it records that.</summary>
    public required Func<JournalObject, Task> Discarding { get; init; }

    /// <summary>What was found about objects whose create has no end, by address.</summary>
    public IReadOnlyDictionary<string, Search> Searches { get; init; } = new Dictionary<string, Search>();

    /// <summary>The creates that have no end, are not in the state, and are not among the findings. Nothing is changed.</summary>
    public IReadOnlyList<OpenCreate> Open(IReadOnlyList<ApplyJournal> journals)
    {
        var contents = journals.Select(journal => (journal, content: Answered(journal.Read()))).ToList();
        var known = target
            .Objects.Select(item => (item.Type, item.Id))
            .Concat(contents.SelectMany(pair => pair.content.Created).Select(item => (item.Type, Id: item.Id!)))
            .ToLookup(item => item.Type, item => item.Id, StringComparer.Ordinal);
        return
        [
            .. from pair in contents
            let ids = Ids(pair.content)
            from item in Reconciler.Compare(pair.content, target.Objects, ids)
            where item.Standing is Standing.NotKnown || item.Occupant is not null
            let address = item.Object.Address
            where !findings.Absent.Contains(address) && !findings.Discarded.Contains(address)
            select new OpenCreate(item.Object, pair.journal, ids, known[item.Object.Type].ToHashSet(StringComparer.Ordinal))
            {
                Occupant = item.Occupant,
            },
        ];
    }

    /// <summary>Reconciles one journal with the state, and records in the journal what was found out.</summary>
    public async Task<RecoveryResult> RunAsync(ApplyJournal journal, CancellationToken cancellation)
    {
        var content = Answered(journal.Read());
        var result = new RecoveryResult(journal.Stack, Released: null, Saved: false)
        {
            Changing = [.. content.Changing.Select(item => item.Address)],
        };
        // Objects with an id first: if one that was created is not found, an empty answer about another one says nothing.
        foreach (var entry in Reconciler.Compare(content, target.Objects, Ids(content)).OrderBy(IsWithoutId))
        {
            var item = entry.Object;
            var isBlind = result.Unknown.Any(unknown => unknown.Made is not null);
            result = entry.Standing switch
            {
                _ when IsSecond(entry) => result.With(await AddAsync(journal, content, item, isBlind, cancellation)),
                Standing.InState => result,
                Standing.Tainted => result with { Tainted = [.. result.Tainted, item.Address] },
                _ => result.With(await AddAsync(journal, content, item, isBlind, cancellation)),
            };
        }
        return result;

        static bool IsWithoutId(Reconciled item) => item.Object.Id is null;
    }

    // The state has an object at its address, and it exists besides, or was not looked for with success, or a person answered.
    private bool IsSecond(Reconciled entry) =>
        entry.Occupant is not null
        && (
            findings.Absent.Contains(entry.Object.Address)
            || findings.Discarded.Contains(entry.Object.Address)
            || Searches.GetValueOrDefault(entry.Object.Address) is { Verdict: not (Verdict.Absent or Verdict.NotMade) }
        );

    /// <summary>Requires that every object that is to be given up is one that the state lacks. Nothing is changed.</summary>
    /// <exception cref="PipelineException">An address is not one of them.</exception>
    public void RequireDiscardable(IEnumerable<ApplyJournal> journals)
    {
        var lacking = journals
            .Select(journal => journal.Read())
            .SelectMany(content => Reconciler.Compare(content, target.Objects, Ids(content)))
            .Where(item => item.Standing is Standing.Missing or Standing.NotKnown || item.Occupant is not null)
            .Select(item => item.Object.Address)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (findings.Discarded.Except(lacking).Order(StringComparer.Ordinal).ToList() is not [var wrong, ..])
            return;
        var allowed = lacking.Count == 0 ? "nothing, the state has every object of the journal" : string.Join(", ", lacking);
        throw new PipelineException(
            $"stack {directory.Name}: --discard {wrong}: allowed: {allowed}. Run the command again without it."
        );
    }

    /// <summary>
    /// True if an object is imported only after an answer: its id does not follow from the configuration, or its create failed.
    /// A failed create may have collided with another owner's object of the same name.
    /// </summary>
    public static bool NeedsAnswer(JournalObject item, ImportIds ids) => item.Id is null && (item.Failed || ids.Of(item) is null);

    private JournalContent Answered(JournalContent content) =>
        content with
        {
            Created =
            [
                .. content.Created,
                .. content
                    .InFlight.Where(item => findings.Adopted.ContainsKey(item.Address))
                    .Select(item => item with { Id = findings.Adopted[item.Address] }),
            ],
            InFlight = [.. content.InFlight.Where(item => !findings.Adopted.ContainsKey(item.Address))],
        };

    private async Task<RecoveryResult> AddAsync(
        ApplyJournal journal,
        JournalContent content,
        JournalObject item,
        bool isBlind,
        CancellationToken cancellation
    )
    {
        var result = new RecoveryResult(journal.Stack, Released: null, Saved: false);
        if (findings.Discarded.Contains(item.Address))
        {
            await Discarding(item);
            journal.Settle(item);
            return result with { Discarded = [item.Id is null ? item.Address : $"{item.Address} ({item.Id})"] };
        }
        var ids = Ids(content);
        var search = Searches.GetValueOrDefault(item.Address);
        if (search is { Verdict: Verdict.Absent or Verdict.Unsettled or Verdict.Unproven } && isBlind)
            return result with { Unknown = [Unknown(item, ids)] };
        if (findings.Absent.Contains(item.Address))
        {
            journal.Settle(item);
            return result with { Gone = [item.Address] };
        }
        // A create that is still carried out would make the next one fail: its name is in use.
        if (search is { Verdict: Verdict.Unsettled or Verdict.Unproven } && item.Id is null)
            return result with { Unknown = [Unknown(item, ids) with { Search = search }] };
        // The id follows from the configuration, and nothing has it.
        if (search is { Verdict: Verdict.Absent } && item.Id is null && !NeedsAnswer(item, ids))
        {
            journal.Settle(item);
            return result with { Gone = [item.Address] };
        }
        // An import would take the state's object at this address out of it.
        if (search?.Occupant is not null && item.Id is null)
            return result with { Unknown = [Unknown(item, ids) with { Search = search }] };
        // An object that is older or newer than the apply has another owner.
        if (NeedsAnswer(item, ids) || ids.Of(item) is not { } id || (item.Id is null && search?.Verdict == Verdict.NotMade))
            return result with { Unknown = [Unknown(item, ids) with { Search = search }] };
        bool exists;
        try
        {
            exists = await Importing(
                item,
                id,
                () => target.ImportAsync(item, id, old => content.HasDeleted(item.Address, old), cancellation)
            );
        }
        catch (TerraformException exception)
        {
            return result with { Refused = [new(item.Address, id, exception.Error)] };
        }
        var adopted = findings.Adopted.ContainsKey(item.Address);
        if (!exists && adopted)
            return result with { Refused = [new(item.Address, id, "No object with this id exists. Give another id.")] };
        // What was created is not simply absent: somebody deleted it, or the token or kubeconfig is of another account.
        if (!exists && item.Id is { } made)
            return result with { Unknown = [Unknown(item, ids) with { Made = made }] };
        if (!exists && search is { IsSettled: false } or { Unproven: not null })
            return result with { Unknown = [Unknown(item, ids) with { Search = search }] };
        if (!exists)
        {
            journal.Settle(item);
            return result with { Gone = [item.Address] };
        }
        if (adopted)
            journal.Find(item, item.Id!); // if this run ends before the state is written, the next one knows the id
        var replaces = target.Objects.Any(other => other.Instance == item.Address && other.Deposed is not null);
        return result with
        {
            Imported = [item.Address],
            Replacing = replaces ? [item.Address] : [],
            SecretLost = ImportIds.TellsItsSecretOnce(item.Type) ? [item.Address] : [],
        };
    }

    private UnknownObject Unknown(JournalObject item, ImportIds ids)
    {
        var name = ids.NameOf(item.Address);
        var older = target.Objects.Where(other => other.Instance == item.Address).Select(other => other.Id).ToList();
        return new(item.Address, name, WhereToLook.Of(item.Type, name, ids.NamespaceOf(item.Address)), older);
    }

    private ImportIds Ids(JournalContent content)
    {
        var known = target
            .Objects.Where(item => item.Deposed is null)
            .ToDictionary(item => item.Instance, item => item.Id, StringComparer.Ordinal);
        foreach (var made in content.Created)
            known[made.Address] = made.Id!;
        return new(directory.Configuration, known.GetValueOrDefault);
    }
}
