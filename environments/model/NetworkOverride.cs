namespace InfraCdktf.Environments.Model;

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
    public required OverrideScope Scope { get; init; }

    /// <summary>What the day makes of it.</summary>
    public OverridePhase On(DateOnly day) =>
        day < Opened ? OverridePhase.Proposed
        : day > Expires ? OverridePhase.Expired
        : day.AddDays(AnnouncedDays) >= Expires ? OverridePhase.Ending
        : OverridePhase.InForce;
}
