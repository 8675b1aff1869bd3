using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// Addresses and ranges as the API server reads them. .NET reads more: "010.0.0.1" as 8.0.0.1, because a leading zero means
/// octal there, and "10.1" as 10.0.0.1. An IPv4 address in IPv6 notation (::ffff:10.0.0.1) and one with a zone are refused.
/// </summary>
internal static class AddressText
{
    /// <summary>A range in CIDR notation; null if the text is none. Host bits may be set.</summary>
    public static IPNetwork? Range(string text) =>
        text.Split('/') is [var address, _] && Address(address) is not null && IPNetwork.TryParse(text, out var range)
            ? range
            : null;

    /// <summary>An address; null if the text is none.</summary>
    public static IPAddress? Address(string text) =>
        (text.Contains(':', StringComparison.Ordinal) || IsFourNumbers(text))
        && IPAddress.TryParse(text, out var address)
        && !address.IsIPv4MappedToIPv6
        && (address.AddressFamily == AddressFamily.InterNetwork || address.ScopeId == 0)
            ? address
            : null;

    private static bool IsFourNumbers(string text) =>
        text.Split('.') is { Length: 4 } parts
        && parts.All(part =>
            byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && part == number.ToString(CultureInfo.InvariantCulture)
        );
}
