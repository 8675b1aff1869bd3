using InfraCdktf.Pipeline.Archive;

namespace InfraCdktf.Pipeline.State;

/// <summary>Where an object of a journal stands in the state.</summary>
public enum Standing
{
    /// <summary>The state has it.</summary>
    InState,

    /// <summary>The state has it, marked as tainted: the next apply replaces it.</summary>
    Tainted,

    /// <summary>It was created, its id is known, and the state does not have it.</summary>
    Missing,

    /// <summary>It may or may not exist, and its id is not known.</summary>
    NotKnown,
}

/// <summary>An object of a journal, compared with the state.</summary>
/// <param name="Object">The object.</param>
/// <param name="Standing">Where it stands.</param>
/// <param name="Occupant">
/// The id of the object that the state has at its address, if the journal does not tell which apply created that one. If it was
/// a later apply, <paramref name="Object"/> may exist besides. Otherwise null.
/// </param>
public sealed record Reconciled(JournalObject Object, Standing Standing, string? Occupant = null);

/// <summary>How an apply ended.</summary>
public enum ApplyEnding
{
    /// <summary>Terraform was not interrupted. It may have failed.</summary>
    Ended,

    /// <summary>Terraform was interrupted: it stopped its providers and saved its state.</summary>
    Interrupted,

    /// <summary>Terraform was killed, or gave up calls in flight. It may not have saved its state.</summary>
    Killed,
}

/// <summary>
/// Compares a journal with a state. The end of an apply and <c>state recover</c> use the same comparison. An object is told apart
/// by its address and its id: an address that the state has with another id does not have the object.
/// </summary>
public static class Reconciler
{
    /// <summary>Compares everything that the journal's apply created or may have created.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="state">The objects of the state.</param>
    /// <param name="ids">The ids that follow from the configuration; null if it is not known.</param>
    public static IReadOnlyList<Reconciled> Compare(JournalContent journal, IReadOnlyList<StateObject> state, ImportIds? ids)
    {
        var places = state.ToLookup(item => item.Instance, StringComparer.Ordinal);
        var created = journal.Created.Select(item => new Reconciled(
            item,
            places[item.Address].FirstOrDefault(found => found.Id == item.Id) is { } found ? Found(found) : Standing.Missing
        ));
        var inFlight = journal.InFlight.Select(item => OfInFlight(item, places[item.Address]));
        // Terraform's order is different in every run. Objects of one address stay in their order.
        return [.. created.Concat(inFlight).OrderBy(item => item.Object.Address, StringComparer.Ordinal)];

        Reconciled OfInFlight(JournalObject item, IEnumerable<StateObject> there)
        {
            if (there.FirstOrDefault(found => found.Deposed is null) is not { } current)
                return new(item, Standing.NotKnown);
            // The id is a name, and the state has an object of this name: the next plan reads whether it is still there.
            if (ids?.Of(item) is { } id && id == ids.OfStateObject(current))
                return new(item, Standing.InState);
            // A replacement leaves the old object in a state that was not saved again, also if it was deleted meanwhile.
            if (item.Replaces || journal.HasDeleted(item.Address, current.Id))
                return new(item, Standing.NotKnown);
            // The create failed, and left it. In every other case the state was saved before the journal had the end, or a
            // later apply, from another clone, created it.
            return new(item, Found(current), item.Failed && current.Tainted ? null : current.Id);
        }

        static Standing Found(StateObject found) => found.Tainted ? Standing.Tainted : Standing.InState;
    }

    /// <summary>
    /// What the saved state does not answer. If Terraform was not killed, it saved the state after its last operation: the next
    /// plan reads how far an update or delete came, also if its end is missing (the failed delete of a deposed object has none).
    /// </summary>
    /// <param name="journal">The journal.</param>
    /// <param name="state">The objects of the state.</param>
    /// <param name="ending">How the apply ended.</param>
    public static JournalContent Open(JournalContent journal, IReadOnlyList<StateObject> state, ApplyEnding ending)
    {
        if (ending == ApplyEnding.Killed)
            return journal;
        var tainted = state.Where(item => item is { Tainted: true, Deposed: null }).Select(item => item.Instance).ToHashSet();
        return journal with { InFlight = [.. journal.InFlight.Where(item => !IsAnswered(item))], Changing = [] };

        bool IsAnswered(JournalObject item) =>
            ending == ApplyEnding.Ended
                // The state has what a failed create left, and lacks what the API refused to create. If no answer came, the
                // object may exist. The tainted object can be the older one of a replacement.
                ? item.Failed && (!item.AnswerLost || (!item.Replaces && tainted.Contains(item.Address)))
            : item.Failed
                // A provider that was stopped while it waited for an object gives its id, and Terraform taints it. One that
                // was stopped while it sent the request gives an error and no id, and the object may exist.
                ? tainted.Contains(item.Address)
            // After an interrupt Terraform writes the starts of the operations that would be next, and halts them
            // (measured, 1.11.4). Those that had begun have an end.
            : !item.Shared;
    }

    /// <summary>
    /// True if the state has everything that the journal names, and no operation is without an end. Only then the journal may be
    /// removed without a recovery.
    /// </summary>
    /// <param name="journal">The journal, without what the state answers.</param>
    /// <param name="state">The objects of the state.</param>
    public static bool IsComplete(JournalContent journal, IReadOnlyList<StateObject> state) =>
        // Without the configuration no id is derived: a create without an end always needs a recovery.
        journal.InFlight.Count == 0
        && journal.Changing.Count == 0
        && Compare(journal, state, ids: null).All(item => item.Standing is Standing.InState or Standing.Tainted);
}
