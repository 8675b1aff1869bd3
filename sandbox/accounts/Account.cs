using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>
/// What exists in the cloud, in a directory. Any number of sandboxes, in one process or several, may work on one account;
/// every change is atomic and survives a crash.
/// </summary>
public sealed class Account
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private readonly string _lockFile;
    private readonly Journal _objectJournal;
    private readonly Journal _callJournal;
    private readonly Lock _mine = new();
    private ObjectIndex _index = new();
    private readonly List<Call> _calls = [];
    private readonly FaultList _faults = new();

    /// <summary>Opens the account in a directory, which is made if it is not there.</summary>
    public Account(string directory)
    {
        Directory = Path.GetFullPath(directory);
        System.IO.Directory.CreateDirectory(Directory);
        _lockFile = Path.Combine(Directory, "lock");
        _objectJournal = new Journal(Path.Combine(Directory, "objects.jsonl"));
        _callJournal = new Journal(Path.Combine(Directory, "calls.jsonl"));
    }

    /// <summary>The account's directory, absolute.</summary>
    public string Directory { get; }

    /// <summary>Everything that exists now, by type and id. No objects: the account is empty.</summary>
    public IReadOnlyList<AccountObject> Objects => Read(index => index.All.OrderBy(o => o.Key, StringComparer.Ordinal).ToList());

    /// <summary>Every call that was answered, oldest first.</summary>
    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_mine)
            {
                CatchUpCalls();
                return [.. _calls];
            }
        }
    }

    /// <summary>How many creates were tried so far: a caller can fail each in turn.</summary>
    public int CreatesSeen => Calls.Count(c => c.Operation == "create");

    internal FaultList Faults => _faults;

    /// <summary>The object of a type with an id, or null.</summary>
    public AccountObject? Find(string type, string id) => Read(index => index.Find($"{type}/{id}"));

    /// <summary>Makes calls fail from now on. Faults live as long as this object; they are not kept in the directory.</summary>
    public void AddFault(Fault fault) => _faults.Add(fault);

    /// <summary>The faults that have struck no call so far: what was to be tried was not.</summary>
    public IReadOnlyList<Fault> UnstruckFaults => _faults.Unstruck();

    /// <summary>Lets all calls succeed again.</summary>
    public void ClearFaults() => _faults.Clear();

    /// <summary>Removes an object behind Terraform's back.</summary>
    /// <returns>False when there was none.</returns>
    public bool Remove(string type, string id) =>
        Change(t =>
        {
            if (t.Find(type, id) is not { } item)
                return false;
            t.Remove(item);
            return true;
        });

    /// <summary>Edits an object behind Terraform's back.</summary>
    /// <exception cref="InvalidOperationException">There is no such object.</exception>
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
    /// Changes or deletes one thing that a configuration set, as somebody in the cloud's console would. The same account and
    /// seed give the same change. Only what Terraform can see and can mend without making the object anew is picked.
    /// </summary>
    /// <param name="seed">Picks object, attribute and new value.</param>
    /// <param name="filter">Which objects may be touched; all when null.</param>
    /// <exception cref="InvalidOperationException">No object fits.</exception>
    public OutsideChange ChangeOutside(int seed, Func<AccountObject, bool>? filter = null) =>
        Change(t => new OutsideChanges(t, seed).Make(filter ?? (_ => true)));

    internal T Read<T>(Func<ObjectIndex, T> read)
    {
        lock (_mine)
        {
            CatchUp();
            return read(_index);
        }
    }

    /// <summary>Runs a change while no other process or thread changes the account. An exception changes nothing.</summary>
    internal T Change<T>(Func<Transaction, T> change)
    {
        lock (_mine)
        {
            using var held = AccountLock.Take(_lockFile);
            CatchUp();
            var transaction = new Transaction(_index);
            try
            {
                var result = change(transaction);
                if (transaction.Entries.Count > 0)
                    _objectJournal.Append(new JsonObject { ["changes"] = new JsonArray([.. transaction.Entries]) });
                return result;
            }
            catch when (transaction.Entries.Count > 0)
            {
                // Half a change is in memory: what the journal says counts.
                _index = new ObjectIndex();
                _objectJournal.Rewind();
                throw;
            }
        }
    }

    internal void Log(string operation, string type, string name, string outcome, long milliseconds)
    {
        lock (_mine)
        {
            using var held = AccountLock.Take(_lockFile);
            CatchUpCalls();
            var call = new Call(_calls.Count + 1, operation, type, name, outcome, milliseconds);
            _callJournal.Append(JsonSerializer.SerializeToNode(call, _json)!.AsObject());
            _calls.Add(call);
        }
    }

    private void CatchUp()
    {
        foreach (var change in _objectJournal.ReadNew().SelectMany(e => e["changes"]!.AsArray()))
            _index.Apply(change!.AsObject());
    }

    private void CatchUpCalls() => _calls.AddRange(_callJournal.ReadNew().Select(c => c.Deserialize<Call>(_json)!));
}
