using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds;

/// <summary>
/// What is special of one provider and the service behind it: configuration, rules, computed values. Everything that schema
/// and facts can say is done before and after these calls.
/// </summary>
internal abstract class Cloud(string name, string schemaName)
{
    /// <summary>linode, kubernetes or helm.</summary>
    public string Name { get; } = name;
    public ProviderSchema Schema { get; } = ProviderSchema.Load(schemaName);
    public ProviderFacts Facts { get; } = ProviderFacts.Load(schemaName);

    /// <summary>
    /// Checks the provider block and gives the settings for the calls that follow. The environment is the one that the real
    /// provider would have been started with.
    /// </summary>
    /// <exception cref="ProviderException">The provider would not start.</exception>
    public virtual JsonObject Configure(JsonObject config, IReadOnlyDictionary<string, string> environment) => config;

    /// <summary>Fails as any call of the provider would with these settings.</summary>
    /// <exception cref="ProviderException">The service cannot be reached.</exception>
    public virtual void Connect(JsonObject settings) { }

    /// <summary>Rules of the provider on a configuration, in which unknown values are null.</summary>
    public virtual IEnumerable<Problem> Validate(string type, JsonObject config) => [];

    /// <summary>True when the provider sees no difference between two values of an attribute marked diff_suppressed.</summary>
    public virtual bool Equivalent(string type, string path, Value? before, Value? after) => false;

    /// <summary>What the provider's own code changes in a plan (CustomizeDiff, ModifyPlan). Prior is null on create.</summary>
    public virtual PlannedChange Plan(string type, MapValue config, MapValue? prior, PlannedChange change) => change;

    /// <summary>The label or name of an object, empty when it has none.</summary>
    public abstract string NameOf(string type, JsonObject attributes);

    /// <summary>The key of an object in a state that came without private bytes.</summary>
    public virtual string IdOf(string type, JsonObject state) => state.Text("id") ?? "";

    /// <summary>The key of an object that is to be made: its id, but where ids are not unique.</summary>
    public abstract string IdFor(Transaction account, string type, JsonObject attributes);

    /// <summary>The key of an object that is named as its provider wants it named for an import.</summary>
    /// <exception cref="ProviderException">The provider does not take such an id.</exception>
    public virtual string KeyOfImport(string type, string id) => id;

    /// <summary>The value of a computed attribute; false where any value will do.</summary>
    public virtual bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = null;
        return false;
    }

    /// <summary>Checks a new object against the account and gives it as the cloud keeps it.</summary>
    /// <exception cref="ProviderException">The cloud refuses it.</exception>
    public virtual JsonObject Create(Transaction account, NewObject item, JsonObject attributes) => attributes;

    /// <summary>Checks a changed object against the account and gives it as the cloud keeps it.</summary>
    /// <exception cref="ProviderException">The cloud refuses the change.</exception>
    public virtual JsonObject Update(Transaction account, AccountObject before, NewObject item, JsonObject attributes) =>
        attributes;

    /// <summary>Removes an object and what goes with it.</summary>
    /// <exception cref="ProviderException">The cloud refuses to delete it.</exception>
    public virtual void Delete(Transaction account, AccountObject item) => account.Remove(item);

    /// <summary>True when a create that fails half way takes back what it made.</summary>
    public virtual bool TakesBack(string type, JsonObject attributes) => false;

    /// <summary>The answer of a data source: attributes by name, those left out are null.</summary>
    /// <exception cref="ProviderException">There is no such thing, or the sandbox does not know this data source.</exception>
    public virtual JsonObject ReadData(ObjectIndex account, string type, JsonObject config) =>
        throw new ProviderException(
            $"The sandbox has no answer for the data source {type}",
            "Add it to sandbox/clouds, or run this configuration against the real cloud."
        );
}

/// <summary>An object while it is made or changed.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Id">Its id.</param>
/// <param name="Seed">The same for the same object of the same account, another after it was deleted and made anew.</param>
/// <param name="Planned">The plan as JSON, what is not known yet is null.</param>
/// <param name="Config">The configuration with its write-only arguments.</param>
/// <param name="Caller">Who asks for it.</param>
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
    /// <summary>An error that comes after the object was made: Terraform will taint it.</summary>
    public ProviderException? Late { get; set; }
}

/// <summary>One Terraform process: the settings of its provider block and where it runs.</summary>
internal sealed record Caller(JsonObject Settings, string Directory);
