using static System.FormattableString;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>The protocols that a NetworkPolicy can name. What it does to others (ICMP) is up to the network plugin.</summary>
public enum Protocol
{
    /// <summary>TCP, the default.</summary>
    Tcp,

    /// <summary>UDP.</summary>
    Udp,

    /// <summary>SCTP.</summary>
    Sctp,
}

/// <summary>The port that a connection is made to.</summary>
/// <param name="Number">1-65535.</param>
/// <param name="Protocol">The protocol.</param>
public readonly record struct Port(int Number, Protocol Protocol = Protocol.Tcp)
{
    /// <inheritdoc/>
    public override string ToString() => Invariant($"{Protocol.ToString().ToUpperInvariant()} {Number}");
}

/// <summary>Ports of one protocol that lie side by side.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="First">The first.</param>
/// <param name="Last">The last, itself included.</param>
public sealed record PortRange(Protocol Protocol, int First, int Last)
{
    /// <summary>The highest port there is.</summary>
    public const int Highest = 65535;

    /// <summary>"all", "none", or the ranges ("TCP 53, UDP 1024-65535, SCTP all").</summary>
    public static string Text(IReadOnlyList<PortRange> ranges) =>
        ranges.Count == 0 ? "none"
        : ranges.Count(range => range is { First: 1, Last: Highest }) == Enum.GetValues<Protocol>().Length ? "all"
        : string.Join(", ", ranges);

    /// <inheritdoc/>
    public override string ToString()
    {
        var protocol = Protocol.ToString().ToUpperInvariant();
        return (First, Last) switch
        {
            (1, Highest) => $"{protocol} all",
            _ when First == Last => Invariant($"{protocol} {First}"),
            _ => Invariant($"{protocol} {First}-{Last}"),
        };
    }
}

/// <summary>The ports that a rule allows.</summary>
/// <param name="Protocol">Their protocol; null for any, which only Cilium's policies can say.</param>
public abstract record RulePort(Protocol? Protocol)
{
    /// <summary>True when a connection to <paramref name="port"/> of <paramref name="receiver"/> is one of them.</summary>
    public bool Matches(Port port, Endpoint receiver) =>
        (Protocol is null || Protocol == port.Protocol) && MatchesNumber(port, receiver);

    /// <summary>The same, for the number alone.</summary>
    protected abstract bool MatchesNumber(Port port, Endpoint receiver);

    /// <summary>Every port of the protocol.</summary>
    public sealed record Every(Protocol? Protocol) : RulePort(Protocol)
    {
        /// <inheritdoc/>
        protected override bool MatchesNumber(Port port, Endpoint receiver) => true;
    }

    /// <summary>The ports from one number to another.</summary>
    public sealed record Numbers(Protocol? Protocol, int First, int Last) : RulePort(Protocol)
    {
        /// <inheritdoc/>
        protected override bool MatchesNumber(Port port, Endpoint receiver) => First <= port.Number && port.Number <= Last;
    }

    /// <summary>
    /// The port that the receiving pod gives this name, whichever number it has there; whoever is no pod names no port.
    /// </summary>
    public sealed record Named(Protocol? Protocol, string Name) : RulePort(Protocol)
    {
        /// <inheritdoc/>
        protected override bool MatchesNumber(Port port, Endpoint receiver) =>
            receiver is Pod pod
            && pod.Ports.Any(one => one.Name == Name && one.Number == port.Number && one.Protocol == port.Protocol);
    }
}
