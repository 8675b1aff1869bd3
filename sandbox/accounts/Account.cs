using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>
/// All objects that exist in the cloud, stored in a directory. Any number of sandboxes, in one process or several, may use one
/// account. Every change is atomic and survives a crash.
/// </summary>
public sealed class Account
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private readonly string _lockFile;
    private readonly Journal _objectJournal;
    private readonly Journal _callJournal;
    private readonly Journal _faultJournal;
    private readonly Lock _lock = new();
    private ObjectIndex _index = new();
    private readonly List<Call> _calls = [];
    private readonly FaultList _faults = new();
    private readonly TimeProvider _clock;

    /// <summary>Opens the account in a directory. The directory is created if it does not exist.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="clock">The clock of the cloud, for the time of a create; null: the clock of this machine.</param>
    public Account(string directory, TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        Directory = Path.GetFullPath(directory);
        System.IO.Directory.CreateDirectory(Directory);
        _lockFile = Path.Combine(Directory, "lock");
        _objectJournal = new Journal(Path.Combine(Directory, "objects.jsonl"));
        _callJournal = new Journal(Path.Combine(Directory, "calls.jsonl"));
        _faultJournal = new Journal(FaultFile(Directory));
    }

    /// <summary>The absolute path of the account's directory.</summary>
    public string Directory { get; }

    /// <summary>All objects that exist now, sorted by type and id.</summary>
    public IReadOnlyList<AccountObject> Objects => Read(index => index.All.OrderBy(o => o.Key, StringComparer.Ordinal).ToList());

    /// <summary>All answered calls, oldest first.</summary>
    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_lock)
            {
                CatchUpCalls();
                return [.. _calls];
            }
        }
    }

    /// <summary>The number of create calls so far. A caller can use it to make each create fail in turn.</summary>
    public int CreatesSeen => Calls.Count(c => c.Operation == "create");

    internal FaultList Faults
    {
        get
        {
            lock (_lock)
            {
                foreach (var entry in _faultJournal.ReadNew())
                {
                    if (entry["fault"] is { } fault)
                        _faults.Add(Fault.Of(fault));
                    else
                        _faults.Clear();
                }
            }
            return _faults;
        }
    }

    /// <summary>The object with this type and id; null if it does not exist.</summary>
    public AccountObject? Find(string type, string id) => Read(index => index.Find($"{type}/{id}"));

    /// <summary>
    /// Makes matching calls to this object's sandbox fail from now on. These faults are in memory only, not in the directory.
    /// </summary>
    public void AddFault(Fault fault) => _faults.Add(fault);

    /// <summary>
    /// Makes matching calls fail from now on to the sandboxes that run on the account, also in other processes. Their later
    /// starts count the calls again, until <see cref="ForgetSharedFaults"/>.
    /// </summary>
    /// <param name="faults">The faults; none: all faults of the running sandboxes end.</param>
    public void ShareFaults(IReadOnlyList<Fault> faults)
    {
        lock (_lock)
        {
            using var held = AccountLock.Take(_lockFile);
            var journal = new Journal(FaultFile(Directory));
            _ = journal.ReadNew();
            if (faults.Count == 0)
                journal.Append([]);
            foreach (var fault in faults)
                journal.Append(new JsonObject { ["fault"] = fault.ToJson() });
        }
    }

    /// <summary>Removes what <see cref="ShareFaults"/> wrote, before a sandbox starts.</summary>
    /// <param name="directory">The directory of the account.</param>
    internal static void ForgetSharedFaults(string directory) => File.Delete(FaultFile(directory));

    /// <summary>The faults that have not applied to any call so far. The failures that they describe were not tested.</summary>
    public IReadOnlyList<Fault> UnstruckFaults => _faults.Unstruck();

    /// <summary>Removes all faults.</summary>
    public void ClearFaults() => _faults.Clear();

    /// <summary>Removes an object outside Terraform.</summary>
    /// <returns>False if the object does not exist.</returns>
    public bool Remove(string type, string id) =>
        Change(t =>
        {
            if (t.Find(type, id) is not { } item)
                return false;
            t.Remove(item);
            return true;
        });

    /// <summary>Edits an object outside Terraform.</summary>
    /// <exception cref="InvalidOperationException">The object does not exist.</exception>
    public void Edit(string type, string id, Action<JsonObject> edit) =>
        Change(t =>
        {
            var item = t.Find(type, id) ?? throw new InvalidOperationException($"The account has no {type} with the id {id}.");
            var attributes = item.Attributes.DeepClone().AsObject();
            edit(attributes);
            t.Put(item with { Attributes = attributes });
            return true;
        });

    /// <summary>
    /// Changes or deletes one thing that a configuration set, as a user of the cloud's console would. The same account and seed
    /// give the same change. It selects only changes that Terraform can see and can repair without replacing the object.
    /// </summary>
    /// <param name="seed">Selects the object, the attribute and the new value.</param>
    /// <param name="filter">Selects the objects that may change; null: all objects.</param>
    /// <exception cref="InvalidOperationException">No object can be changed in this way.</exception>
    public OutsideChange ChangeOutside(int seed, Func<AccountObject, bool>? filter = null) =>
        Change(t => new OutsideChanges(t, seed).Make(filter ?? (_ => true)));

    internal T Read<T>(Func<ObjectIndex, T> read)
    {
        lock (_lock)
        {
            CatchUp();
            return read(_index);
        }
    }

    /// <summary>Runs a change under the account's lock. After an exception the account is unchanged.</summary>
    internal T Change<T>(Func<Transaction, T> change)
    {
        lock (_lock)
        {
            using var held = AccountLock.Take(_lockFile);
            CatchUp();
            var transaction = new Transaction(_index, _clock.GetUtcNow());
            try
            {
                var result = change(transaction);
                if (transaction.Entries.Count > 0)
                    _objectJournal.Append(new JsonObject { ["changes"] = new JsonArray([.. transaction.Entries]) });
                return result;
            }
            catch when (transaction.Entries.Count > 0)
            {
                // Memory holds a part of the failed change: discard it and read the journal again.
                _index = new ObjectIndex();
                _objectJournal.Rewind();
                throw;
            }
        }
    }

    internal void Log(string operation, string type, string name, string outcome, long milliseconds)
    {
        lock (_lock)
        {
            using var held = AccountLock.Take(_lockFile);
            CatchUpCalls();
            var call = new Call(_calls.Count + 1, operation, type, name, outcome, milliseconds);
            _callJournal.Append(JsonSerializer.SerializeToNode(call, _json)!.AsObject());
            _calls.Add(call);
        }
    }

    private static string FaultFile(string directory) => Path.Combine(directory, "faults.jsonl");

    private void CatchUp()
    {
        foreach (var change in _objectJournal.ReadNew().SelectMany(e => e["changes"]!.AsArray()))
            _index.Apply(change!.AsObject());
    }

    private void CatchUpCalls() => _calls.AddRange(_callJournal.ReadNew().Select(c => c.Deserialize<Call>(_json)!));
}
