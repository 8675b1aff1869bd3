using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// A model of one apply of Terraform 1.11 that ends at any step: what exists, what the saved state has, what the journal has. The
/// events are those that the real Terraform writes (measured), with its gaps: operations at one address share one entry, so that
/// the first end takes the action of the last start, and the second end is not written.
/// </summary>
internal sealed class KilledApply
{
    private const string Assigned = "linode_vpc";
    private const string Named = "kubernetes_config_map_v1";

    private readonly Random _random;
    private readonly List<Target> _targets = [];
    private readonly List<string> _lines = [];
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);
    private readonly List<Existing> _account = [];
    private readonly JsonObject _memory = EmptyState();
    private int _ids;
    private bool _isStopping;

    /// <summary>Runs an apply with a seed until it ends in one of the possible ways.</summary>
    public KilledApply(int seed)
    {
        _random = TestRandom.Of(seed);
        Plan();
        Run();
    }

    /// <summary>How the apply ended.</summary>
    public End Ended { get; private set; }

    /// <summary>The lines of the journal.</summary>
    public IReadOnlyList<string> Journal => _lines;

    /// <summary>The last saved state.</summary>
    public string Saved { get; private set; } = "";

    /// <summary>What exists after the apply and after the calls that were in flight.</summary>
    public IReadOnlyList<Existing> Account => _account;

    /// <summary>The stack's configuration.</summary>
    public StackDirectory Stack { get; private set; } = null!;

    /// <summary>
    /// What the next apply must keep: for each address the object that was created last, or the one that was not to be replaced.
    /// A tainted object is replaced on purpose.
    /// </summary>
    public IReadOnlyList<Existing> MustStay =>
        [
            .. _targets
                .Where(target => target.Wanted)
                .Select(target => (target, newest: _account.LastOrDefault(item => item.Address == target.Address)))
                .Where(pair => pair.newest is not null && !IsTaintedInMemory(pair.newest) && !IsOld(pair.target, pair.newest))
                .Select(pair => pair.newest!),
        ];

    /// <summary>Addresses that the configuration has.</summary>
    public IReadOnlyList<string> Wanted => [.. _targets.Where(target => target.Wanted).Select(target => target.Address)];

    /// <summary>The next apply: deletes what is deposed, tainted or not wanted, and creates what is missing.</summary>
    public IReadOnlyList<Existing> Next(IReadOnlyList<StateObject> state)
    {
        var account = _account.ToList();
        bool Goes(StateObject item) => item.Deposed is not null || item.Tainted || !Wanted.Contains(item.Instance);
        foreach (var item in state.Where(Goes))
            account.RemoveAll(existing => existing.Is(item));
        foreach (var address in Wanted)
        {
            var current = state.SingleOrDefault(item => item is { Deposed: null, Tainted: false } && item.Instance == address);
            if (current is null || !account.Any(existing => existing.Is(current)))
                account.Add(new(address, TypeOf(address), "new", -1));
        }
        return account;
    }

    public override string ToString() =>
        $"{Ended}\n{string.Join('\n', _lines)}\nsaved: {Saved}\naccount: {string.Join(", ", _account)}";

    /// <summary>Objects, old ones in the state, and for each address what the plan does.</summary>
    private void Plan()
    {
        var configuration = new JsonObject { [Assigned] = new JsonObject(), [Named] = new JsonObject() };
        for (var number = 0; number < 1 + _random.Next(4); number++)
        {
            var type = _random.Next(3) == 0 ? Named : Assigned;
            var change = (Change)_random.Next(Enum.GetValues<Change>().Length);
            // Two objects with one name cannot exist at the same time.
            if (type == Named && change == Change.CreateThenDelete)
                change = Change.DeleteThenCreate;
            var target = new Target($"{type}.r{number}", type, change);
            _targets.Add(target);
            if (type == Assigned && _random.Next(4) == 0)
                target.OldDeposed = Make(target, tainted: false, deposed: true);
            if (change != Change.Create)
                target.Old = Make(target, tainted: false);
            if (target.Wanted)
                configuration[type]![$"r{number}"] =
                    type == Assigned
                        ? new JsonObject { ["label"] = $"r{number}" }
                        : new JsonObject
                        {
                            ["metadata"] = new JsonObject { ["name"] = $"r{number}", ["namespace"] = "n" },
                        };
        }
        Save();
        Stack = new("core", "/nowhere", new JsonObject { ["resource"] = configuration });
        foreach (var target in _targets)
        {
            if (target.OldDeposed is not null)
                Write("planned_change", target, "delete", null);
            if (target.Change != Change.None)
                Write("planned_change", target, Planned(target.Change), null);
        }
    }

    private void Run()
    {
        var work = _targets.SelectMany(Steps).Select(steps => steps.GetEnumerator()).ToList();
        Ended = (End)_random.Next(Enum.GetValues<End>().Length);
        var stopAt = Ended == End.Finished ? int.MaxValue : _random.Next(30);
        var started = new HashSet<IEnumerator<Step>>();
        for (var number = 0; work.Count > 0 && number < stopAt; number++)
        {
            var steps = work[_random.Next(work.Count)];
            started.Add(steps);
            if (!steps.MoveNext())
                work.Remove(steps);
            if (_random.Next(12) == 0)
                Save();
        }
        // A signal: calls in flight end, no other call begins, and the state is saved. SIGKILL: the calls in flight may end.
        _isStopping = Ended == End.Interrupted;
        foreach (var steps in work.Where(started.Contains))
        {
            if (steps.Current == Step.Between)
                continue;
            if (_isStopping)
                while (steps.MoveNext() && steps.Current != Step.Between) { }
            else if (steps.Current == Step.Begun && _random.Next(2) == 0)
                Effect(steps);
        }
        // After an interrupt Terraform writes the starts of the operations that would be next, and halts them.
        foreach (var steps in work.Where(steps => _isStopping && (!started.Contains(steps) || steps.Current == Step.Between)))
        {
            if (_random.Next(2) == 0)
                steps.MoveNext();
        }
        if (Ended != End.Killed)
            Save();
    }

    // The effect of a call that was in flight at the kill: it changes the account, and Terraform no longer sees it.
    private void Effect(IEnumerator<Step> steps)
    {
        var lines = _lines.Count;
        steps.MoveNext();
        _lines.RemoveRange(lines, _lines.Count - lines);
    }

    private IEnumerable<IEnumerable<Step>> Steps(Target target)
    {
        if (target.OldDeposed is { } deposed)
            yield return Delete(target, deposed);
        yield return target.Change switch
        {
            Change.Create => Create(target),
            Change.Update => Update(target),
            Change.Delete => Delete(target, target.Old!),
            Change.DeleteThenCreate => Replace(target, deleteFirst: true),
            Change.CreateThenDelete => Replace(target, deleteFirst: false),
            _ => Nothing(),
        };
    }

    // Not an empty array: its enumerators are one object.
    private static IEnumerable<Step> Nothing()
    {
        yield break;
    }

    private IEnumerable<Step> Replace(Target target, bool deleteFirst)
    {
        if (deleteFirst)
        {
            foreach (var step in Delete(target, target.Old!))
                yield return step;
            yield return Step.Between;
            foreach (var step in Create(target))
                yield return step;
            yield break;
        }
        // As Terraform does: the old object is deposed in memory before the new one is created.
        InstanceOf(target.Old!)!["deposed"] = NewKey();
        foreach (var step in Create(target))
            yield return step;
        if (target.Failed)
            yield break;
        yield return Step.Between;
        foreach (var step in Delete(target, target.Old!))
            yield return step;
    }

    private IEnumerable<Step> Create(Target target)
    {
        Start(target, "create", null);
        yield return Step.Begun;
        var outcome = _random.Next(6);
        if (outcome == 0)
        {
            target.Failed = true;
            // A provider that is stopped while it sends the request gives an error, and the object may exist.
            if (_isStopping && _random.Next(2) == 0)
                Make(target, tainted: false, inMemory: false);
            // Nothing was created: the old object is the current one again.
            if (target.Old is { } old && InstanceOf(old) is JsonObject instance)
                instance.Remove("deposed");
            yield return Step.Effective;
            Finish(target, "apply_errored", null);
            yield break;
        }
        var made = Make(target, tainted: outcome == 1, inMemory: false);
        yield return Step.Effective;
        Remember(target, made, tainted: outcome == 1);
        yield return Step.Known;
        target.Failed = outcome == 1;
        Finish(target, outcome == 1 ? "apply_errored" : "apply_complete", made.Id);
    }

    private IEnumerable<Step> Delete(Target target, Existing item)
    {
        Start(target, "delete", item.Id);
        yield return Step.Begun;
        _account.Remove(item);
        yield return Step.Effective;
        Forget(item);
        yield return Step.Known;
        Finish(target, "apply_complete", null);
    }

    private IEnumerable<Step> Update(Target target)
    {
        Start(target, "update", target.Old!.Id);
        yield return Step.Begun;
        yield return Step.Effective;
        Finish(target, "apply_complete", target.Old.Id);
    }

    private Existing Make(Target target, bool tainted, bool deposed = false, bool inMemory = true)
    {
        var number = ++_ids;
        var id = target.Type == Named ? $"n/{target.Address.Split('.')[1]}" : $"{number}";
        var made = new Existing(target.Address, target.Type, id, number);
        _account.Add(made);
        if (inMemory)
            Remember(target, made, tainted, deposed);
        return made;
    }

    private void Remember(Target target, Existing item, bool tainted, bool deposed = false)
    {
        var instance = new JsonObject
        {
            ["schema_version"] = 0,
            ["attributes"] = new JsonObject { ["id"] = item.Id, ["number"] = item.Number },
        };
        if (tainted)
            instance["status"] = "tainted";
        if (deposed)
            instance["deposed"] = NewKey();
        var name = target.Address.Split('.')[1];
        var resources = _memory["resources"]!.AsArray();
        if (resources.FirstOrDefault(found => found!["name"]!.GetValue<string>() == name) is not { } resource)
        {
            resource = new JsonObject
            {
                ["mode"] = "managed",
                ["type"] = target.Type,
                ["name"] = name,
                ["provider"] = "provider[\"x\"]",
                ["instances"] = new JsonArray(),
            };
            resources.Add(resource);
        }
        resource["instances"]!.AsArray().Add(instance);
    }

    private void Forget(Existing item)
    {
        if (InstanceOf(item) is not { } instance)
            return;
        var resource = instance.Parent!.Parent!;
        instance.Parent.AsArray().Remove(instance);
        if (resource["instances"]!.AsArray().Count == 0)
            _memory["resources"]!.AsArray().Remove(resource);
    }

    private JsonNode? InstanceOf(Existing item) =>
        _memory["resources"]!
            .AsArray()
            .SelectMany(resource => resource!["instances"]!.AsArray())
            .FirstOrDefault(instance => instance!["attributes"]!["number"]!.GetValue<int>() == item.Number);

    private bool IsTaintedInMemory(Existing item) => InstanceOf(item)?["status"] is not null;

    // The old object of a replacement that did not get a new one: the next apply replaces it as planned.
    private static bool IsOld(Target target, Existing item) =>
        item == target.OldDeposed || (item == target.Old && target.Change is Change.DeleteThenCreate or Change.CreateThenDelete);

    private void Save()
    {
        _memory["serial"] = _memory["serial"]!.GetValue<int>() + 1;
        Saved = _memory.ToJsonString();
    }

    private void Start(Target target, string action, string? id)
    {
        _shown[target.Address] = action;
        Write("apply_start", target, action, id);
    }

    private void Finish(Target target, string type, string? id)
    {
        if (_shown.Remove(target.Address, out var action))
            Write(type, target, action, type == "apply_errored" ? null : id);
    }

    private void Write(string type, Target target, string action, string? id)
    {
        var about = new JsonObject
        {
            ["resource"] = new JsonObject { ["addr"] = target.Address, ["resource_type"] = target.Type },
            ["action"] = action,
        };
        if (id is not null)
            (about["id_key"], about["id_value"]) = ("id", id);
        var item = new JsonObject
        {
            ["@message"] = "m",
            ["type"] = type,
            [type == "planned_change" ? "change" : "hook"] = about,
        };
        _lines.Add(item.ToJsonString());
    }

    private string NewKey() => (++_ids).ToString("x8", CultureInfo.InvariantCulture);

    private string TypeOf(string address) => address.Split('.')[0];

    private static string Planned(Change change) =>
        change switch
        {
            Change.DeleteThenCreate or Change.CreateThenDelete => "replace",
            _ => change.ToString().ToLowerInvariant(),
        };

    private static JsonObject EmptyState() =>
        new()
        {
            ["version"] = 4,
            ["terraform_version"] = "1.11.4",
            ["serial"] = 0,
            ["lineage"] = "l",
            ["outputs"] = new JsonObject(),
            ["resources"] = new JsonArray(),
        };

    /// <summary>How an apply ends.</summary>
    internal enum End
    {
        /// <summary>It did everything.</summary>
        Finished,

        /// <summary>An interrupt: calls in flight end, the state is saved.</summary>
        Interrupted,

        /// <summary>SIGKILL: the state of the last save remains.</summary>
        Killed,
    }

    /// <summary>What exists.</summary>
    internal sealed record Existing(string Address, string Type, string Id, int Number)
    {
        /// <summary>True if a state's object is this one; of two with one name it is the newer one.</summary>
        public bool Is(StateObject item) => item.Type == Type && item.Id == Id;
    }

    private enum Change
    {
        None,
        Create,
        Update,
        Delete,
        DeleteThenCreate,
        CreateThenDelete,
    }

    private enum Step
    {
        Between,
        Begun,
        Effective,
        Known,
    }

    private sealed class Target(string address, string type, Change change)
    {
        public string Address => address;

        public string Type => type;

        public Change Change => change;

        public Existing? Old { get; set; }

        public Existing? OldDeposed { get; set; }

        public bool Failed { get; set; }

        public bool Wanted => change != Change.Delete;
    }
}
