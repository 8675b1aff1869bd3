namespace InfraCdktf.Environments.Values;

/// <summary>
/// A DNS name in the form that Kubernetes and Linode accept: lower case labels joined by dots, no trailing dot.
/// </summary>
public static class DnsName
{
    /// <summary>A name has at most 253 characters (RFC 1035, without the trailing dot).</summary>
    public const int MaxLength = 253;

    /// <summary>True for one or more labels.</summary>
    public static bool IsValid(string text) => text.Length <= MaxLength && text.Split('.').All(DnsLabel.IsValid);
}
