using System.Text.RegularExpressions;

namespace InfraCdktf.Environments.Values;

/// <summary>Keys and values of labels, and keys of taints and Secrets, as Kubernetes defines them.</summary>
public static partial class KubernetesLabel
{
    /// <summary>True for a name of at most 63 characters, with an optional DNS name and a slash before it.</summary>
    public static bool IsKey(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return (slash < 0 || DnsName.IsValid(text[..slash])) && Name().IsMatch(text[(slash + 1)..]);
    }

    /// <summary>True for an empty text, or a name of at most 63 characters.</summary>
    public static bool IsValue(string text) => text.Length == 0 || Name().IsMatch(text);

    /// <summary>True for a key of a Secret or ConfigMap.</summary>
    public static bool IsDataKey(string text) =>
        text != "." && !text.StartsWith("..", StringComparison.Ordinal) && DataKey().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[-_.A-Za-z0-9]{1,253}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DataKey();
}
