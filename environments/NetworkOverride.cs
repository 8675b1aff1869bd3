namespace InfraCdktf.Environments;

/// <summary>
/// A recorded exception to the walls: who asked for what, why, who approved it, and from when until when. docs/network-overrides.md is the way
/// one comes to be. A record without approvers is a proposal: it is refused at the door, so nothing of it is ever synthesized.
/// </summary>
public sealed record NetworkOverride
{
    /// <summary>The longest that one may last, in days.</summary>
    public const int MostDays = 90;

    /// <summary>So many days before its last one it is announced.</summary>
    public const int AnnouncedDays = 14;

    /// <summary>The annotation of a policy that says the last day of its override, as yyyy-MM-dd.</summary>
    public const string ExpiresAnnotation = "override/expires";

    /// <summary>A DNS-1123 label; part of a state address, and never used again for something else.</summary>
    public required string Name { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Why it is needed.</summary>
    public required string Reason { get; init; }

    /// <summary>Where it was discussed.</summary>
    public required string Ticket { get; init; }

    /// <summary>Who approved it: somebody else than who asked, and two where it opens an environment to another.</summary>
    public required IReadOnlyList<string> Approvers { get; init; }

    /// <summary>Its first day (UTC).</summary>
    public required DateOnly Opened { get; init; }

    /// <summary>Its last day (UTC), at most <see cref="MostDays"/> after the first.</summary>
    public required DateOnly Expires { get; init; }

    /// <summary>What it opens.</summary>
    public required Opening Opens { get; init; }

    /// <summary>What the day makes of it.</summary>
    public OverridePhase On(DateOnly day) =>
        day < Opened ? OverridePhase.Proposed
        : day > Expires ? OverridePhase.Expired
        : day.AddDays(AnnouncedDays) >= Expires ? OverridePhase.Ending
        : OverridePhase.InForce;
}

/// <summary>Where an override stands in its life.</summary>
public enum OverridePhase
{
    /// <summary>Its first day is still to come.</summary>
    Proposed,

    /// <summary>It is open.</summary>
    InForce,

    /// <summary>It is open, and will not be for long.</summary>
    Ending,

    /// <summary>Its last day is past.</summary>
    Expired,
}

/// <summary>What an override opens.</summary>
public abstract record Opening
{
    /// <summary>Pods reach pods of another namespace: one policy at each end.</summary>
    /// <param name="From">Who connects.</param>
    /// <param name="To">Who receives.</param>
    /// <param name="Ports">On which ports.</param>
    public sealed record Pods(OverrideEnd From, OverrideEnd To, IReadOnlyList<OpenPorts> Ports) : Opening;

    /// <summary>Pods reach addresses outside: one policy.</summary>
    /// <param name="From">Who connects.</param>
    /// <param name="To">Where to; public addresses.</param>
    /// <param name="Ports">On which ports.</param>
    public sealed record Outside(OverrideEnd From, Cidr To, IReadOnlyList<OpenPorts> Ports) : Opening;

    /// <summary>Addresses reach the nodes: one rule of the Cloud Firewall.</summary>
    /// <param name="From">Who connects.</param>
    /// <param name="Ports">On which ports, all of one protocol.</param>
    public sealed record Nodes(Cidr From, IReadOnlyList<OpenPorts> Ports) : Opening;

    /// <summary>Addresses reach the API server: one entry of the control plane's list.</summary>
    /// <param name="From">Who connects.</param>
    public sealed record ControlPlane(Cidr From) : Opening;
}

/// <summary>Pods at one end of an override.</summary>
/// <param name="Namespace">Their namespace.</param>
/// <param name="Pods">The labels that they all bear; at least one, so that it is never the whole namespace.</param>
public sealed record OverrideEnd(string Namespace, IReadOnlyDictionary<string, string> Pods);

/// <summary>Ports that are opened.</summary>
/// <param name="First">1-65535.</param>
/// <param name="Last">The last one, itself included; null for one port.</param>
/// <param name="Protocol">TCP or UDP.</param>
public sealed record OpenPorts(int First, int? Last = null, PortProtocol Protocol = PortProtocol.Tcp)
{
    /// <summary>"8080" or "8080-8090".</summary>
    public string Range => Last is null ? $"{First}" : $"{First}-{Last}";

    /// <summary>"TCP" or "UDP", as policies and firewalls write it.</summary>
    public string ProtocolText => Protocol.ToString().ToUpperInvariant();
}

/// <summary>The protocols that can be opened.</summary>
public enum PortProtocol
{
    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>UDP.</summary>
    Udp,
}
