using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Linode;
using Polly.Timeout;

namespace InfraCdktf.Pipeline.State.Lookup;

/// <summary>
/// The objects of the account, asked of Linode's API. Each list is read once and completely: 20 objects in flight need one call
/// for each type, and no field must be filterable. The version of the API is v4beta, as for the provider: locks and enterprise
/// clusters need it.
/// </summary>
/// <param name="environment">The caller's environment.</param>
/// <param name="time">The clock of waits and time limits.</param>
public sealed class LinodeObjects(IReadOnlyDictionary<string, string> environment, TimeProvider time) : IObjectSource, IDisposable
{
    /// <summary>
    /// Where objects of each type are listed (OpenAPI 4.229.1). Fields and times are those of the answers that linode/linodego
    /// recorded (test/integration/fixtures).
    /// </summary>
    private static readonly Dictionary<string, ObjectList> _lists = new()
    {
        ["linode_database_postgresql_v2"] = new("databases/postgresql/instances"),
        ["linode_domain"] = new("domains") { Name = "domain", IsDated = false },
        ["linode_firewall"] = new("networking/firewalls"),
        ["linode_lke_cluster"] = new("lke/clusters"),
        // A lock has no name and no time. An object has at most one.
        ["linode_lock"] = new("locks") { IsDated = false, IsLock = true },
        ["linode_object_storage_bucket"] = new("object-storage/buckets/{0}") { Parent = "region" },
        ["linode_object_storage_key"] = new("object-storage/keys") { IsDated = false },
        ["linode_vpc"] = new("vpcs"),
        ["linode_vpc_subnet"] = new("vpcs/{0}/subnets") { Parent = "vpc_id" },
    };

    private readonly Dictionary<string, Task<IReadOnlyList<JsonObject>>> _answers = new(StringComparer.Ordinal);
    private LinodeClient? _client;
    private PipelineException? _unreachable;

    /// <summary>The resource types that can be looked for.</summary>
    public static IReadOnlyCollection<string> Types => _lists.Keys;

    /// <inheritdoc/>
    public bool IsComparedById => true;

    /// <inheritdoc/>
    public bool Has(string type) => _lists.ContainsKey(type);

    /// <inheritdoc/>
    public async Task<ObjectSightings> FindAsync(JournalObject item, ImportIds ids, CancellationToken cancellation)
    {
        var list = _lists[item.Type];
        var (path, parent) = PathOf(item, ids);
        var matches = list.IsLock ? LockOf(item, ids) : NamedAs(item, ids, list.Name);
        var found = (await ListAsync(path, cancellation)).Where(matches);
        return new($"the list {path}", [.. found.Select(entry => Read(entry, list, path, parent))]) { NeedsNoTime = list.IsLock };
    }

    /// <inheritdoc/>
    // Ids are unique among all accounts, names of buckets among all accounts of a region.
    public async Task<string?> DoubtAsync(IReadOnlyList<StateObject> known, CancellationToken cancellation)
    {
        var lists = known.Where(item => ListOf(item) is not null).GroupBy(item => ListOf(item)!.Value).ToList();
        string? problem = null;
        // A list that was read needs no call, and every token may read that of the VPCs (X-Accepted-OAuth-Scopes of the recorded
        // answers).
        foreach (
            var list in lists
                .OrderByDescending(list => _answers.ContainsKey(list.Key.Path))
                .ThenByDescending(list => list.Key.Path == _lists["linode_vpc"].Path)
        )
        {
            var (path, parent) = list.Key;
            try
            {
                var ids = (await ListAsync(path, cancellation))
                    .Select(entry => IdOf(entry, _lists[list.First().Type], path, parent))
                    .ToHashSet(StringComparer.Ordinal);
                if (list.Any(item => ids.Contains(item.Id)))
                    return null;
            }
            catch (PipelineException exception)
            {
                problem ??= exception.Message.TrimEnd('.');
            }
        }
        return lists.Count == 0 ? "no state has an object of an account"
            : problem is null ? $"it has none of the {lists.Sum(list => list.Count())} known object(s), such as {Example(lists)}"
            : $"it could not be compared: {problem}";
    }

    /// <summary>Deletes an object. A missing object is no failure.</summary>
    /// <param name="item">The object, with its id.</param>
    /// <param name="ids">What follows from the configuration.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="PipelineException">The API refused or did not answer.</exception>
    public async Task DeleteAsync(JournalObject item, ImportIds ids, CancellationToken cancellation)
    {
        var (path, _) = PathOf(item, ids);
        await Client.SendAsync<JsonObject>(HttpMethod.Delete, $"{path}/{item.Id}", body: null, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _client?.Dispose();

    private LinodeClient Client => _client ??= new(environment, "a token that a deploy of this stack may use", time, "v4beta");

    private static (string Path, string? Parent) PathOf(JournalObject item, ImportIds ids)
    {
        var list = _lists[item.Type];
        if (list.Parent is not { } argument)
            return (list.Path, null);
        var parent = ids.ValueOf(item.Address, argument) ?? throw Unknown(item, argument);
        return (list.Path.Replace("{0}", parent, StringComparison.Ordinal), parent);
    }

    private static Func<JsonObject, bool> NamedAs(JournalObject item, ImportIds ids, string field)
    {
        var name = ids.ValueOf(item.Address, field) ?? throw Unknown(item, field);
        return entry => entry[field]?.ToString() == name;
    }

    private static Func<JsonObject, bool> LockOf(JournalObject item, ImportIds ids)
    {
        var type = ids.ValueOf(item.Address, "entity_type") ?? throw Unknown(item, "entity_type");
        var id = ids.ValueOf(item.Address, "entity_id") ?? throw Unknown(item, "entity_id");
        return entry => entry["entity"]?["type"]?.ToString() == type && entry["entity"]?["id"]?.ToString() == id;
    }

    private static Sighting Read(JsonObject entry, ObjectList list, string path, string? parent) =>
        new(
            IdOf(entry, list, path, parent),
            list.IsDated ? LinodeTime.Of(entry, "created", path) : null,
            entry["status"]?.ToString()
        );

    // A bucket has no number: its id is region:label.
    private static string IdOf(JsonObject entry, ObjectList list, string path, string? parent) =>
        entry["id"]?.ToString()
        ?? (parent is null ? null : $"{parent}:{entry[list.Name]}")
        ?? throw new PipelineException(
            $"{path}: an entry has no \"id\". Check {LinodeUrl.Variable} if it is set, and that no proxy answers instead of "
                + "Linode."
        );

    private static string Example(IReadOnlyList<IGrouping<(string, string?), StateObject>> lists) =>
        $"{lists[0].First().Address} (id {lists[0].First().Id})";

    // The list that has an object of a state; null if it is below another object, which is known too.
    private static (string Path, string? Parent)? ListOf(StateObject item) =>
        !_lists.TryGetValue(item.Type, out var list) ? null
        : list.Parent is null ? (list.Path, null)
        : item.Id.Split(':') is [var region, _] ? (list.Path.Replace("{0}", region, StringComparison.Ordinal), region)
        : null;

    private static PipelineException Unknown(JournalObject item, string argument) =>
        new($"the configuration does not say the {argument} of {item.Address}.");

    private async Task<IReadOnlyList<JsonObject>> ListAsync(string path, CancellationToken cancellation)
    {
        // An API that cannot be reached is not asked again for every list: each time limit is minutes.
        if (_unreachable is not null)
            throw _unreachable;
        if (!_answers.TryGetValue(path, out var answer))
        {
            _answers[path] = answer = Client.ListAsync<JsonObject>(path, cancellation);
        }
        try
        {
            return await answer;
        }
        catch (PipelineException exception) when (exception.InnerException is HttpRequestException or TimeoutRejectedException)
        {
            _unreachable = exception;
            throw;
        }
    }

    private sealed record ObjectList(string Path)
    {
        /// <summary>The field that has the object's name, in the answer and in the configuration.</summary>
        public string Name { get; init; } = "label";

        /// <summary>The argument whose value is in the path.</summary>
        public string? Parent { get; init; }

        /// <summary>True if an entry has the time of its creation.</summary>
        public bool IsDated { get; init; } = true;

        /// <summary>True for locks, which are found by the object that they lock.</summary>
        public bool IsLock { get; init; }
    }
}
