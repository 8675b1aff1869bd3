using System.Text;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>
/// Secrets that providers create and store in a state: a cluster's kubeconfig, a database's password, an access key's secret.
/// </summary>
public static class ProviderSecrets
{
    private const string Kubeconfig = "kubeconfig";

    private static readonly string[] _attributes = [Kubeconfig, "root_password", "secret_key"];

    /// <summary>The secrets that the objects of an account have now, by type and attribute.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(Account account) =>
        [
            .. from item in account.Objects
            from name in _attributes
            let value = item.Attributes[name]?.GetValue<string>()
            where !string.IsNullOrEmpty(value)
            from secret in name == Kubeconfig ? [value, Token(value)] : new[] { value }
            select KeyValuePair.Create($"{item.Type}.{name}", secret),
        ];

    // A kubeconfig is base64; the token inside it is searched for too.
    private static string Token(string kubeconfig) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(kubeconfig)).Split("token: ")[1].Split('}')[0];
}
