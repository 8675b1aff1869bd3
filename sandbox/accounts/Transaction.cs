using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>The objects of an account while its lock is held. All changes are written together at the end.</summary>
internal sealed class Transaction(ObjectIndex index, DateTimeOffset now)
{
    private readonly List<JsonObject> _entries = [];

    public IReadOnlyList<JsonObject> Entries => _entries;

    /// <summary>The time of this change, in whole seconds, as Linode and Kubernetes record it.</summary>
    public DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());

    /// <summary>
    /// The number of objects ever created with this type and name. It makes the id of the next object different.
    /// </summary>
    public int Created(string type, string name) => index.Created(type, name);

    public AccountObject? Find(string type, string id) => index.Find($"{type}/{id}");

    public IEnumerable<AccountObject> OfType(string type) => index.OfType(type);

    public IEnumerable<AccountObject> All => index.All;

    public void Put(AccountObject item) => Add(ObjectIndex.PutEntry(item));

    public void Remove(AccountObject item) => Add(ObjectIndex.RemoveEntry(item));

    private void Add(JsonObject entry)
    {
        _entries.Add(entry);
        index.Apply(entry);
    }
}

/// <summary>The objects in memory, built from the entries of the journal.</summary>
internal sealed class ObjectIndex
{
    private readonly Dictionary<string, Dictionary<string, AccountObject>> _byType = [];
    private readonly Dictionary<string, int> _created = [];

    public IEnumerable<AccountObject> All => _byType.Values.SelectMany(t => t.Values);

    public int Created(string type, string name) => _created.GetValueOrDefault($"{type}/{name}");

    public AccountObject? Find(string key) => _byType.GetValueOrDefault(Type(key))?.GetValueOrDefault(key);

    public IEnumerable<AccountObject> OfType(string type) => _byType.GetValueOrDefault(type)?.Values.AsEnumerable() ?? [];

    public static JsonObject PutEntry(AccountObject item) =>
        new()
        {
            ["op"] = "put",
            ["provider"] = item.Provider,
            ["type"] = item.Type,
            ["id"] = item.Id,
            ["name"] = item.Name,
            ["created"] = item.Created,
            ["attributes"] = item.Attributes.DeepClone(),
            ["configured"] = item.Configured.DeepClone(),
        };

    public static JsonObject RemoveEntry(AccountObject item) =>
        new()
        {
            ["op"] = "remove",
            ["type"] = item.Type,
            ["id"] = item.Id,
        };

    public void Apply(JsonObject entry)
    {
        var type = entry["type"]!.GetValue<string>();
        var key = $"{type}/{entry["id"]!.GetValue<string>()}";
        if (!_byType.TryGetValue(type, out var objects))
            _byType[type] = objects = [];
        if (entry["op"]!.GetValue<string>() == "remove")
        {
            objects.Remove(key);
            return;
        }
        var item = new AccountObject
        {
            Provider = entry["provider"]!.GetValue<string>(),
            Type = type,
            Id = entry["id"]!.GetValue<string>(),
            Name = entry["name"]!.GetValue<string>(),
            Created = entry["created"]!.GetValue<DateTimeOffset>(),
            Attributes = entry["attributes"]!.AsObject(),
            Configured = entry["configured"]!.AsObject(),
        };
        if (!objects.ContainsKey(key))
            _created[$"{type}/{item.Name}"] = Created(type, item.Name) + 1;
        objects[key] = item;
    }

    private static string Type(string key) => key[..key.IndexOf('/')];
}
