using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>
/// The name of an entry: <c>{serial}-{digest8}</c>. It follows from the content, so that archiving the same thing again is the same entry, and the same serial with
/// another content is another one.
/// </summary>
public static class VersionId
{
    private const int SerialDigits = 10;

    /// <summary>The version of a state with the configuration that it came from.</summary>
    /// <param name="serial">The state's serial.</param>
    /// <param name="state">SHA-256 of the state, in hex.</param>
    /// <param name="configuration">SHA-256 of the configuration's files (<see cref="StackPackage.Digest"/>), in hex.</param>
    public static string Of(long serial, string state, string configuration) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{serial}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(state + configuration)))[..8]}"
        );

    /// <summary>The version as a part of object keys: the serial padded, so that a listing is in its order.</summary>
    public static string ToKey(string version) =>
        $"{version[..version.IndexOf('-')].PadLeft(SerialDigits, '0')}{version[version.IndexOf('-')..]}";

    /// <summary>Reads <see cref="ToKey"/>; null when it is none.</summary>
    public static string? FromKey(string key) =>
        key.Split('-') is [{ Length: >= SerialDigits } digits, { Length: 8 } digest]
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var serial)
        && digest.All(char.IsAsciiHexDigitLower)
            ? string.Create(CultureInfo.InvariantCulture, $"{serial}-{digest}")
            : null;

    /// <summary>The serial in a version.</summary>
    public static long SerialOf(string version) =>
        long.Parse(version.AsSpan(0, version.IndexOf('-')), CultureInfo.InvariantCulture);

    /// <summary>The versions that a person means: a whole version, a serial, or the beginning of a version; a serial is never the beginning of another.</summary>
    public static IReadOnlyList<string> Matching(IEnumerable<string> versions, string meant) =>
        meant.Length == 0
            ? []
            :
            [
                .. versions.Where(version =>
                    meant.Contains('-')
                        ? version.StartsWith(meant, StringComparison.Ordinal)
                        : version.StartsWith($"{meant}-", StringComparison.Ordinal)
                ),
            ];
}
