using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;

namespace InfraCdktf.Sandbox.Clouds;

/// <summary>What the cloud knows of one resource type beyond schema and facts.</summary>
internal class ResourceRules
{
    /// <summary>A type without rules of its own.</summary>
    public static readonly ResourceRules None = new();

    public virtual bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = null;
        return false;
    }

    /// <summary>Checks that hold for create and update alike. Before is null on create.</summary>
    public virtual void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before) { }

    /// <summary>What the cloud keeps, where that differs from what it was given.</summary>
    public virtual JsonObject Keep(NewObject item, JsonObject attributes, AccountObject? before) => attributes;

    public virtual void Delete(Transaction account, AccountObject item) => account.Remove(item);

    /// <summary>An answer to a create or update in Linode's form: "[400] [field] reason".</summary>
    protected static ProviderException Refused(string reason) => new($"[400] {reason}");
}
