using static System.FormattableString;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>The protocols of a NetworkPolicy. Its effect on other protocols (ICMP) depends on the network plugin.</summary>
public enum Protocol
{
    /// <summary>TCP, the default.</summary>
    Tcp,

    /// <summary>UDP.</summary>
    Udp,

    /// <summary>SCTP.</summary>
    Sctp,
}

/// <summary>The destination port of a connection.</summary>
/// <param name="Number">1-65535.</param>
/// <param name="Protocol">The protocol.</param>
public readonly record struct Port(int Number, Protocol Protocol = Protocol.Tcp)
{
    /// <inheritdoc/>
    public override string ToString() => Invariant($"{Protocol.ToString().ToUpperInvariant()} {Number}");
}

/// <summary>Adjacent ports of one protocol.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="First">The first port.</param>
/// <param name="Last">The last port, inclusive.</param>
public sealed record PortRange(Protocol Protocol, int First, int Last)
{
    /// <summary>The highest port number.</summary>
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
/// <param name="Protocol">Their protocol; null for any protocol, which only policies of Cilium can have.</param>
public abstract record RulePort(Protocol? Protocol)
{
    /// <summary>True if the rule allows a connection to <paramref name="port"/> of <paramref name="receiver"/>.</summary>
    public bool Matches(Port port, Endpoint receiver) =>
        (Protocol is null || Protocol == port.Protocol) && MatchesNumber(port, receiver);

    /// <summary>The same, only for the port number.</summary>
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
    /// The port with this name in the receiving pod, whatever its number there; an endpoint that is not a pod has no named ports.
    /// </summary>
    public sealed record Named(Protocol? Protocol, string Name) : RulePort(Protocol)
    {
        /// <inheritdoc/>
        protected override bool MatchesNumber(Port port, Endpoint receiver) =>
            receiver is Pod pod
            && pod.Ports.Any(one => one.Name == Name && one.Number == port.Number && one.Protocol == port.Protocol);
    }
}
