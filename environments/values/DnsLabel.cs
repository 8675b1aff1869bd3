using System.Text.RegularExpressions;

namespace InfraCdktf.Environments.Values;

/// <summary>A label of a DNS name, as RFC 1123 and Kubernetes define it.</summary>
public static partial class DnsLabel
{
    /// <summary>True for 1-63 lower case letters, digits and hyphens that start and end with a letter or digit.</summary>
    public static bool IsValid(string text) => text.Length is > 0 and <= 63 && Pattern().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
