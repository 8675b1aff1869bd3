using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State.Lookup;

/// <summary>An object whose create has no end, and the apply that began it.</summary>
/// <param name="Object">The object.</param>
/// <param name="Journal">The journal of the apply.</param>
/// <param name="Ids">What follows from the configuration and from the objects that are known.</param>
/// <param name="Known">Ids of objects of the same type that this stack's state or a journal has.</param>
public sealed record OpenCreate(JournalObject Object, ApplyJournal Journal, ImportIds Ids, IReadOnlySet<string> Known)
{
    /// <summary>See <see cref="Reconciled.Occupant"/>.</summary>
    public string? Occupant { get; init; }
}

/// <summary>Looks for objects whose create has no end. It only reads.</summary>
/// <param name="sources">The APIs that are asked.</param>
/// <param name="others">The states of the other stacks.</param>
/// <param name="time">The clock.</param>
public sealed class ObjectLookup(IReadOnlyList<IObjectSource> sources, IOtherStates others, TimeProvider time)
{
    private readonly Dictionary<IObjectSource, string?> _doubts = [];

    /// <summary>Objects in no state that the account of the stack has.</summary>
    public IReadOnlyList<StateObject> Besides { get; init; } = [];

    /// <summary>Looks for objects.</summary>
    /// <param name="creates">The objects.</param>
    /// <param name="known">Objects of the stack's state and journals.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <returns>The results by address. An object is not in it if no API is asked for objects of its type.</returns>
    public async Task<IReadOnlyDictionary<string, Search>> FindAsync(
        IReadOnlyList<OpenCreate> creates,
        IReadOnlyList<StateObject> known,
        CancellationToken cancellation
    )
    {
        var searches = new Dictionary<string, Search>(StringComparer.Ordinal);
        foreach (var create in creates)
        {
            if (await FindAsync(create, known, cancellation) is { } search)
                searches[create.Object.Address] = search;
        }
        // What the apply created in this account shows that it is the right one.
        if (searches.Any(item => item.Value.Verdict is Verdict.Found && SourceOf(TypeOf(item.Key)) is { IsComparedById: true }))
        {
            foreach (var (address, search) in searches.Where(item => item.Value.Verdict is Verdict.Unproven).ToList())
                searches[address] = search with { Unproven = null };
        }
        // Labels of some types are not unique: two creates of one apply can have the same.
        foreach (var same in searches.Where(item => item.Value.Id is not null).GroupBy(Key).ToList())
        {
            foreach (var (address, search) in same)
                searches[address] = search with { AlsoFor = [.. same.Select(item => item.Key).Where(other => other != address)] };
        }
        return searches;

        static (string Type, string Id) Key(KeyValuePair<string, Search> item) => (TypeOf(item.Key), item.Value.Id!);
    }

    /// <summary>
    /// Requires that objects that a person adopts are in no state and are not adopted twice: an object that two states have is
    /// destroyed with either of them.
    /// </summary>
    /// <param name="stack">The stack.</param>
    /// <param name="adopted">Ids by address.</param>
    /// <param name="known">The objects of the stack's state and those that its journals say were created.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <exception cref="PipelineException">An object is in a state or journal, or adopted twice.</exception>
    public async Task RequireFreeAsync(
        string stack,
        IReadOnlyDictionary<string, string> adopted,
        IReadOnlyList<StateObject> known,
        CancellationToken cancellation
    )
    {
        foreach (var (address, id) in adopted)
        {
            // Ids of Kubernetes objects follow from the configuration.
            var type = TypeOf(address);
            if (SourceOf(type) is not { IsComparedById: true })
                continue;
            var holder =
                known.FirstOrDefault(item => item.Type == type && item.Id == id && item.Instance != address)?.Address
                ?? adopted.Keys.FirstOrDefault(other => other != address && TypeOf(other) == type && adopted[other] == id)
                ?? ((await others.IdsOfAsync(type, cancellation)).Ids.Contains(id) ? "the state of another stack" : null);
            if (holder is not null)
            {
                throw new PipelineException(
                    $"stack {stack}: --adopt '{address}={id}': {holder} has the {type} with this id already. Two addresses must "
                        + $"not have one object. Give another id, or --absent '{address}'."
                );
            }
        }
    }

    private IObjectSource? SourceOf(string type) => sources.FirstOrDefault(source => source.Has(type));

    private static string TypeOf(string address) => address.Split('.')[0];

    // An answer counts only in the account of the stack. Usually an own object shows it.
    private async Task<string?> DoubtAsync(IObjectSource source, IReadOnlyList<StateObject> known, CancellationToken cancellation)
    {
        if (_doubts.TryGetValue(source, out var doubt))
            return doubt;
        doubt = await source.DoubtAsync([.. known, .. Besides], cancellation);
        if (doubt is not null)
        {
            var all = await others.ObjectsAsync(source.Has, cancellation);
            doubt = await source.DoubtAsync([.. known, .. Besides, .. all], cancellation);
        }
        return _doubts[source] = doubt;
    }

    // Before anything was saved, an object that this apply can have made is the best evidence that there is.
    private async Task<bool> IsSavedAsync(
        IObjectSource source,
        IReadOnlyList<StateObject> known,
        CancellationToken cancellation
    ) => known.Any(item => source.Has(item.Type)) || (await others.ObjectsAsync(source.Has, cancellation)).Count > 0;

    private async Task<Search?> FindAsync(OpenCreate create, IReadOnlyList<StateObject> known, CancellationToken cancellation)
    {
        var item = create.Object;
        if (SourceOf(item.Type) is not { } source)
            return null;
        var times = new ApplyTimes(create.Journal.Started, create.Journal.Ended, time.GetUtcNow());
        try
        {
            var seen = await source.FindAsync(item, create.Ids, cancellation);
            var free = source.IsComparedById ? [.. seen.Found.Where(found => !create.Known.Contains(found.Id))] : seen.Found;
            var held =
                free.Count == 0 || !source.IsComparedById
                    ? new(new HashSet<string>())
                    : await others.IdsOfAsync(item.Type, cancellation);
            return new(seen.Place, [.. free.Where(found => !held.Ids.Contains(found.Id))], times)
            {
                NeedsNoTime = seen.NeedsNoTime,
                NeedsNoWait = seen.NeedsNoWait,
                MayBeOfOthers = seen.MayBeOfOthers,
                NotCompared = held.NotCompared,
                Occupant = create.Occupant,
                Unproven =
                    free.Count == 0 || (source.IsComparedById && await IsSavedAsync(source, known, cancellation))
                        ? await DoubtAsync(source, known, cancellation)
                        : null,
            };
        }
        catch (PipelineException exception)
        {
            return new("", [], times, exception.Message)
            {
                Occupant = create.Occupant,
                Unproven = source.IsComparedById ? "it did not answer" : null,
            };
        }
    }
}

/// <summary>The ids of objects in the states of other stacks.</summary>
/// <param name="Ids">The ids.</param>
/// <param name="NotCompared">The states that could not be read, with the reason; null if all could.</param>
public sealed record OtherIds(IReadOnlySet<string> Ids, string? NotCompared = null);

/// <summary>The objects of the other stacks.</summary>
public interface IOtherStates
{
    /// <summary>The ids of all their objects of a type.</summary>
    Task<OtherIds> IdsOfAsync(string type, CancellationToken cancellation);

    /// <summary>Their objects of some types. Those of a state that cannot be read are left out.</summary>
    Task<IReadOnlyList<StateObject>> ObjectsAsync(Func<string, bool> isType, CancellationToken cancellation);
}

/// <summary>The live states of the other stacks, read when they are needed, each once.</summary>
/// <param name="workspace">The workspace.</param>
/// <param name="buckets">The buckets.</param>
/// <param name="stack">The stack that is recovered.</param>
public sealed class OtherStates(Workspace workspace, StateBuckets buckets, string stack) : IOtherStates
{
    private readonly Dictionary<string, (IReadOnlyList<StateObject> Objects, string? Problem)> _states = [];

    /// <inheritdoc/>
    public async Task<OtherIds> IdsOfAsync(string type, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var other in Others.Where(other => MayHave(other, given => given == type)))
        {
            var state = await StateOfAsync(other, cancellation);
            ids.UnionWith(state.Objects.Where(item => item.Type == type).Select(item => item.Id));
            if (state.Problem is { } problem)
                problems.Add($"the state of {other} ({problem.TrimEnd('.')})");
        }
        return new(ids, problems.Count == 0 ? null : string.Join(", ", problems));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StateObject>> ObjectsAsync(Func<string, bool> isType, CancellationToken cancellation)
    {
        var objects = new List<StateObject>();
        foreach (var other in Others.Where(other => MayHave(other, isType)))
            objects.AddRange((await StateOfAsync(other, cancellation)).Objects.Where(item => isType(item.Type)));
        return objects;
    }

    private IEnumerable<string> Others =>
        StackNames.Waves(workspace.Platform).SelectMany(wave => wave).Where(other => other != stack);

    // A stack without this type in its configuration can have such objects only in the moment of their removal.
    private bool MayHave(string other, Func<string, bool> isType) =>
        Terraform.StackDirectory.IsThere(workspace.Output, other)
        && (workspace.Stack(other).Configuration["resource"]?.AsObject() ?? []).Any(type => isType(type.Key));

    private async Task<(IReadOnlyList<StateObject> Objects, string? Problem)> StateOfAsync(
        string other,
        CancellationToken cancellation
    )
    {
        if (!_states.TryGetValue(other, out var state))
            _states[other] = state = await ReadAsync(other, cancellation);
        return state;
    }

    private async Task<(IReadOnlyList<StateObject> Objects, string? Problem)> ReadAsync(
        string other,
        CancellationToken cancellation
    )
    {
        try
        {
            var state = await LiveState.Of(buckets, workspace.Platform, other).StateAsync(cancellation);
            return (state?.Objects ?? [], null);
        }
        catch (PipelineException exception)
        {
            return ([], exception.Message);
        }
    }
}
