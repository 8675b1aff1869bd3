using System.Net;
using System.Net.Sockets;

namespace InfraCdktf.Environments.Values;

/// <summary>
/// A range of IPv4 or IPv6 addresses ("10.64.0.0/20"). Keeps the text that was given, valid or not, so that the inventory can
/// report every bad range at once; asking an invalid one for its addresses is a programming error and throws.
/// </summary>
/// <param name="Text">The range in CIDR notation. A bare address is not a range: Linode answers it back as /32 or /128 and
/// every later plan differs (measured).</param>
public sealed record Cidr(string Text)
{
    /// <summary>
    /// True when the text is an address, a slash and a prefix length, with no host bit set, in its canonical form: no leading zeros, no
    /// hexadecimal, IPv6 compressed and in lower case. Linode answers canonical text back, and any other would differ in every plan.
    /// </summary>
    public bool IsValid => TryNetwork(out _);

    /// <summary>The network. Throws <see cref="InvalidOperationException"/> when <see cref="IsValid"/> is false.</summary>
    public IPNetwork Network =>
        TryNetwork(out var network) ? network : throw new InvalidOperationException($"\"{Text}\" is not a CIDR range.");

    /// <summary>The number of leading bits that all addresses share.</summary>
    public int PrefixLength => Network.PrefixLength;

    /// <summary>True for an IPv4 range.</summary>
    public bool IsIPv4 => Network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>True when every address counts: 0.0.0.0/0 or ::/0.</summary>
    public bool IsEverything => Network.PrefixLength == 0;

    /// <summary>
    /// True for more addresses than one owner ever has: wider than /8, or /32 for IPv6. Otherwise everybody could be let in by halves.
    /// </summary>
    public bool IsTooWide => PrefixLength < (IsIPv4 ? 8 : 32);

    /// <summary>True when at least one address lies in both ranges. Ranges of different families never overlap.</summary>
    public bool Overlaps(Cidr other) => Contains(other) || other.Contains(this);

    /// <summary>True when every address of <paramref name="other"/> lies in this range.</summary>
    public bool Contains(Cidr other) =>
        IsIPv4 == other.IsIPv4 && PrefixLength <= other.PrefixLength && Network.Contains(other.Network.BaseAddress);

    /// <summary>Reads any text; whether it is valid is asked by <see cref="IsValid"/>.</summary>
    public static implicit operator Cidr(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private bool TryNetwork(out IPNetwork network)
    {
        return IPNetwork.TryParse(Text, out network) && network.ToString() == Text;
    }
}
