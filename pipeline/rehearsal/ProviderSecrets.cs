using System.Text;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>What providers make and put into a state although it is secret: a cluster's kubeconfig, a database's password, an access key's secret.</summary>
public static class ProviderSecrets
{
    private const string Kubeconfig = "kubeconfig";

    private static readonly string[] _attributes = [Kubeconfig, "root_password", "secret_key"];

    /// <summary>Those that an account's objects hold by now, by type and attribute.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(Account account) =>
        [
            .. from item in account.Objects
            from name in _attributes
            let value = item.Attributes[name]?.GetValue<string>()
            where !string.IsNullOrEmpty(value)
            from secret in name == Kubeconfig ? [value, Token(value)] : new[] { value }
            select KeyValuePair.Create($"{item.Type}.{name}", secret),
        ];

    // A kubeconfig travels in base64: who reads it wants what is inside.
    private static string Token(string kubeconfig) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(kubeconfig)).Split("token: ")[1].Split('}')[0];
}
