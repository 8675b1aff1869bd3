namespace InfraCdktf.Environments.Model;

/// <summary>
/// A recorded exception to the network policies: its requester, scope, reason, approvers and dates. docs/network-overrides.md
/// describes how an override is requested, approved and ended. A record without approvers is a proposal: the inventory check
/// refuses it before synthesis.
/// </summary>
public sealed record NetworkOverride
{
    /// <summary>The longest duration, in days.</summary>
    public const int MostDays = 90;

    /// <summary>The number of days before its last day in which its end is announced.</summary>
    public const int AnnouncedDays = 14;

    /// <summary>The annotation of a policy with the last day of its override, as yyyy-MM-dd.</summary>
    public const string ExpiresAnnotation = "override/expires";

    /// <summary>A DNS-1123 label. It is part of a state address; do not use it again for another override.</summary>
    public required string Name { get; init; }

    /// <summary>The person who requested it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Why it is needed.</summary>
    public required string Reason { get; init; }

    /// <summary>The ticket of the request.</summary>
    public required string Ticket { get; init; }

    /// <summary>The persons who approved it, without the requester; two if it is between two environments.</summary>
    public required IReadOnlyList<string> Approvers { get; init; }

    /// <summary>Its first day (UTC).</summary>
    public required DateOnly Opened { get; init; }

    /// <summary>Its last day (UTC), at most <see cref="MostDays"/> after the first.</summary>
    public required DateOnly Expires { get; init; }

    /// <summary>The allowed traffic.</summary>
    public required OverrideScope Scope { get; init; }

    /// <summary>Its phase on a day (UTC).</summary>
    public OverridePhase On(DateOnly day) =>
        day < Opened ? OverridePhase.Proposed
        : day > Expires ? OverridePhase.Expired
        : day.AddDays(AnnouncedDays) >= Expires ? OverridePhase.Ending
        : OverridePhase.InForce;
}
