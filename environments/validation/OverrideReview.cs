using InfraCdktf.Environments.Model;
using static System.FormattableString;

namespace InfraCdktf.Environments.Validation;

/// <summary>
/// What a day makes of the overrides. Apart from <see cref="InventoryCheck"/>, because synthesis reads no clock: the same inventory gives the
/// same bytes tomorrow. <c>validate</c>, <c>plan</c> and <c>deploy</c> ask it.
/// </summary>
/// <param name="Overrides">Every override with its phase.</param>
/// <param name="Problems">Those that may not be deployed on that day.</param>
/// <param name="Announcements">Those that end soon, a sentence each.</param>
public sealed record OverrideReview(
    IReadOnlyList<ReviewedOverride> Overrides,
    IReadOnlyList<Problem> Problems,
    IReadOnlyList<string> Announcements
)
{
    /// <summary>Reviews the overrides of a platform.</summary>
    public static OverrideReview Of(PlatformSpec platform, DateOnly day)
    {
        List<ReviewedOverride> all = [.. platform.Overrides.Select(one => new ReviewedOverride(one, one.On(day)))];
        return new(
            all,
            [.. all.SelectMany(one => Problem(one, day))],
            [
                .. all.Where(one => one.Phase == OverridePhase.Ending)
                    .Select(one =>
                        Invariant(
                            $"Override {one.Override.Name} ends on {one.Override.Expires:yyyy-MM-dd}, in {one.Override.Expires.DayNumber - day.DayNumber} day(s). Remove it, or ask anew for what is still needed (docs/network-overrides.md)."
                        )
                    ),
            ]
        );
    }

    private static IEnumerable<Problem> Problem(ReviewedOverride one, DateOnly day)
    {
        var place = InventoryPath.Of(one.Override);
        if (one.Phase == OverridePhase.Expired)
            yield return ProblemCatalog.OverrideExpired.At(
                $"{place}.expires",
                Invariant($"{one.Override.Expires:yyyy-MM-dd}"),
                Invariant($"{day:yyyy-MM-dd} or later")
            );
        if (one.Phase == OverridePhase.Proposed)
            yield return ProblemCatalog.OverrideNotOpen.At(
                $"{place}.opened",
                Invariant($"{one.Override.Opened:yyyy-MM-dd}"),
                Invariant($"{day:yyyy-MM-dd} or earlier")
            );
    }
}

/// <summary>An override on a day.</summary>
/// <param name="Override">The record.</param>
/// <param name="Phase">Where it stands.</param>
public sealed record ReviewedOverride(NetworkOverride Override, OverridePhase Phase);
