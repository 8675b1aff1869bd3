using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;

namespace InfraCdktf.Sandbox.Clouds;

/// <summary>The cloud's rules for one resource type that are not in the schema or the facts.</summary>
internal class ResourceRules
{
    /// <summary>The rules of a type that has no rules of its own.</summary>
    public static readonly ResourceRules None = new();

    public virtual bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = null;
        return false;
    }

    /// <summary>Checks a create or an update. <paramref name="before"/> is null on create.</summary>
    public virtual void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before) { }

    /// <summary>The attributes that the cloud stores, if they differ from the given ones.</summary>
    public virtual JsonObject Keep(NewObject item, JsonObject attributes, AccountObject? before) => attributes;

    /// <summary>The attributes that the provider reads: see <see cref="Cloud.Read"/>.</summary>
    public virtual JsonObject Read(JsonObject stored, JsonObject? state) => stored;

    public virtual void Delete(Transaction account, AccountObject item) => account.Remove(item);

    /// <summary>A refused create or update in Linode's form: "[400] [field] reason".</summary>
    protected static ProviderException Refused(string reason) => new($"[400] {reason}");
}
