using InfraCdktf.Pipeline.Archive;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary>The identity of an object of a state in a sandbox's account.</summary>
public static class AccountKey
{
    /// <summary>
    /// Type and id. The id of a release in a state is only its name, and releases in several namespaces may have the same name:
    /// the account has <c>namespace/name</c>.
    /// </summary>
    public static string Of(StateObject item) =>
        item.Type == "helm_release" ? $"{item.Type}/{item.Attributes["namespace"]}/{item.Id}" : item.Key;
}
