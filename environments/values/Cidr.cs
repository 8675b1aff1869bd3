using System.Net;
using System.Net.Sockets;

namespace InfraCdktf.Environments.Values;

/// <summary>
/// A range of IPv4 or IPv6 addresses ("10.64.0.0/20"). The text is parsed once, at construction. An invalid text is kept, so that
/// the inventory check can report every invalid range at once.
/// </summary>
public sealed record Cidr
{
    private readonly IPNetwork? _network;

    /// <summary>Parses a range.</summary>
    /// <param name="text">
    /// The range in CIDR notation. A bare address is not a range: Linode returns it as /32 or /128, and every later plan shows a
    /// difference (measured).
    /// </param>
    public Cidr(string text)
    {
        Text = text;
        if (IPNetwork.TryParse(text, out var network) && network.ToString() == text && !IsOfOneMachine(network.BaseAddress))
            _network = network;
    }

    /// <summary>The given text, valid or not.</summary>
    public string Text { get; }

    /// <summary>
    /// True if the text is an address, a slash and a prefix length, with no host bit set, in the canonical form: no leading
    /// zeros, no hexadecimal, IPv6 compressed and in lower case. Linode returns the canonical text; any other text would differ
    /// in every plan. An address with a zone, or an IPv4 address in IPv6 notation (::ffff:10.0.0.0/104), is not a range.
    /// </summary>
    public bool IsValid => _network is not null;

    /// <summary>The network.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsValid"/> is false.</exception>
    public IPNetwork Network => _network ?? throw new InvalidOperationException($"\"{Text}\" is not a CIDR range.");

    /// <summary>The number of leading bits that all addresses have in common.</summary>
    public int PrefixLength => Network.PrefixLength;

    /// <summary>True for an IPv4 range.</summary>
    public bool IsIPv4 => Network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>True for a range of all addresses: 0.0.0.0/0 or ::/0.</summary>
    public bool IsEverything => Network.PrefixLength == 0;

    /// <summary>
    /// True for more addresses than one owner has: wider than /8, or /32 for IPv6. Otherwise two /1 ranges would admit everyone.
    /// </summary>
    public bool IsTooWide => PrefixLength < (IsIPv4 ? 8 : 32);

    /// <summary>True if at least one address is in both ranges. An IPv4 range and an IPv6 range never overlap.</summary>
    public bool Overlaps(Cidr other) => Contains(other) || other.Contains(this);

    /// <summary>True if every address of <paramref name="other"/> is in this range.</summary>
    public bool Contains(Cidr other) =>
        IsIPv4 == other.IsIPv4 && PrefixLength <= other.PrefixLength && Network.Contains(other.Network.BaseAddress);

    // Both forms exist only inside one machine: a zone is its network card, a mapped address is what a socket shows.
    private static bool IsOfOneMachine(IPAddress address) =>
        address.IsIPv4MappedToIPv6 || (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0);

    /// <summary>Parses any text; <see cref="IsValid"/> shows whether it is a range.</summary>
    public static implicit operator Cidr(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
