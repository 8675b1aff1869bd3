using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds;

/// <summary>
/// The special behaviour of one provider and its service: configuration, rules and computed values. The schema and the facts are
/// applied before and after these calls.
/// </summary>
internal abstract class Cloud(string name, string schemaName)
{
    /// <summary>linode, kubernetes or helm.</summary>
    public string Name { get; } = name;
    public ProviderSchema Schema { get; } = ProviderSchema.Load(schemaName);
    public ProviderFacts Facts { get; } = ProviderFacts.Load(schemaName);

    /// <summary>
    /// Checks the provider block and returns the settings for the following calls. The environment is the one that the real
    /// provider would start with.
    /// </summary>
    /// <exception cref="ProviderException">The provider would not start.</exception>
    public virtual JsonObject Configure(JsonObject config, IReadOnlyDictionary<string, string> environment) => config;

    /// <summary>Fails if any call of the real provider would fail with these settings.</summary>
    /// <exception cref="ProviderException">The service cannot be reached.</exception>
    public virtual void Connect(JsonObject settings) { }

    /// <summary>Checks a configuration with the provider's rules. Unknown values are null.</summary>
    public virtual IEnumerable<Problem> Validate(string type, JsonObject config) => [];

    /// <summary>True if the provider ignores the difference between two values of an attribute marked diff_suppressed.</summary>
    public virtual bool Equivalent(string type, string path, Value? before, Value? after) => false;

    /// <summary>
    /// Applies the plan changes of the provider's own code (CustomizeDiff, ModifyPlan). <paramref name="prior"/> is null on
    /// create.
    /// </summary>
    public virtual PlannedChange Plan(string type, MapValue config, MapValue? prior, PlannedChange change) => change;

    /// <summary>The label or name of an object; empty if it has none.</summary>
    public abstract string NameOf(string type, JsonObject attributes);

    /// <summary>The key of an object whose state has no private bytes.</summary>
    public virtual string IdOf(string type, JsonObject state) => state.Text("id") ?? "";

    /// <summary>The key of a new object. It is the id, except where ids are not unique.</summary>
    public abstract string IdFor(Transaction account, string type, JsonObject attributes);

    /// <summary>The key of an object, read from the import id in the provider's format.</summary>
    /// <exception cref="ProviderException">The import id does not have the provider's format.</exception>
    public virtual string KeyOfImport(string type, string id) => id;

    /// <summary>Gets the value of a computed attribute. False if any value is acceptable.</summary>
    public virtual bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = null;
        return false;
    }

    /// <summary>Checks a new object against the account and returns it in the form that the cloud stores.</summary>
    /// <exception cref="ProviderException">The cloud refuses it.</exception>
    public virtual JsonObject Create(Transaction account, NewObject item, JsonObject attributes) => attributes;

    /// <summary>Checks a changed object against the account and returns it in the form that the cloud stores.</summary>
    /// <exception cref="ProviderException">The cloud refuses the change.</exception>
    public virtual JsonObject Update(Transaction account, AccountObject before, NewObject item, JsonObject attributes) =>
        attributes;

    /// <summary>
    /// The attributes that the provider reads. Some of them are known to the state only, and others depend on what the state has.
    /// </summary>
    /// <param name="type">The resource type.</param>
    /// <param name="stored">The object as the cloud stores it. The method may change it.</param>
    /// <param name="state">The object in the state; null during an import.</param>
    public virtual JsonObject Read(string type, JsonObject stored, JsonObject? state) => stored;

    /// <summary>Removes an object and the objects that belong to it.</summary>
    /// <exception cref="ProviderException">The cloud refuses to delete it.</exception>
    public virtual void Delete(Transaction account, AccountObject item) => account.Remove(item);

    /// <summary>
    /// Begins a deletion, and with it the time that the provider has for it. The result waits, as the provider does, until the
    /// object does not exist any more, or throws if it still exists. Its token is cancelled when Terraform stops or has ended.
    /// </summary>
    /// <param name="type">The resource type.</param>
    /// <param name="id">The object's key.</param>
    public virtual Func<CancellationToken, Task> Deleting(string type, string id) => _ => Task.CompletedTask;

    /// <summary>Reads what a create or update needs from the directory of its Terraform.</summary>
    /// <param name="planned">The plan as JSON.</param>
    /// <param name="caller">The Terraform process.</param>
    /// <exception cref="ProviderException">Something is missing there.</exception>
    public virtual void Prepare(JsonObject planned, Caller caller) { }

    /// <summary>True if a call whose provider ends in the middle leaves traces in the account.</summary>
    public virtual bool LeavesTraces(string type) => false;

    /// <summary>An object after a create or update whose provider ended in the middle.</summary>
    /// <param name="attributes">After a create: the complete object. After an update: the object before it.</param>
    /// <param name="isNew">True for a create.</param>
    public virtual JsonObject Interrupted(JsonObject attributes, bool isNew) => attributes;

    /// <summary>True if a create that fails after its effect removes the object again.</summary>
    public virtual bool TakesBack(string type, JsonObject attributes) => false;

    /// <summary>The answer of a data source: attributes by name. Omitted attributes are null.</summary>
    /// <exception cref="ProviderException">
    /// The object does not exist, or the sandbox does not support this data source.
    /// </exception>
    public virtual JsonObject ReadData(ObjectIndex account, string type, JsonObject config) =>
        throw new ProviderException(
            $"The sandbox does not support the data source {type}",
            "Add it to sandbox/clouds, or run this configuration against the real cloud."
        );
}

/// <summary>An object that is being created or changed.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Id">The object's id.</param>
/// <param name="Seed">The same for the same object of the same account. It differs after a deletion and a new creation.</param>
/// <param name="Planned">The plan as JSON. Unknown values are null.</param>
/// <param name="Config">The configuration with its write-only arguments.</param>
/// <param name="Caller">The Terraform process that makes the call.</param>
/// <param name="Account">The account.</param>
internal sealed record NewObject(
    string Type,
    string Id,
    string Seed,
    JsonObject Planned,
    JsonObject Config,
    Caller Caller,
    Transaction Account
)
{
    /// <summary>An error that is returned after the object was created. Terraform then taints the object.</summary>
    public ProviderException? Late { get; set; }
}

/// <summary>
/// One Terraform process: the settings of its provider block and its working directory, which is searched only when it is needed.
/// </summary>
internal sealed record Caller(JsonObject Settings, Lazy<string> Directory)
{
    private readonly ConcurrentDictionary<string, object> _read = new(StringComparer.Ordinal);

    /// <summary>Reads a file or directory of the process once. A killed process may leave nothing to read later.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="read">Reads it.</param>
    public T Once<T>(string path, Func<T> read)
        where T : notnull => (T)_read.GetOrAdd(path, _ => read());
}
