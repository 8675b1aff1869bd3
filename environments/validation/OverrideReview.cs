using InfraCdktf.Environments.Model;
using static System.FormattableString;

namespace InfraCdktf.Environments.Validation;

/// <summary>
/// The overrides on one day. This is not part of <see cref="InventoryCheck"/>, because synthesis reads no clock: the same
/// inventory gives the same bytes on every day. <c>validate</c>, <c>plan</c> and <c>deploy</c> review the overrides.
/// </summary>
/// <param name="Overrides">Every override with its phase.</param>
/// <param name="Problems">A problem for each override that may not be deployed on that day.</param>
/// <param name="Announcements">A sentence for each override that ends soon.</param>
public sealed record OverrideReview(
    IReadOnlyList<ReviewedOverride> Overrides,
    IReadOnlyList<Problem> Problems,
    IReadOnlyList<string> Announcements
)
{
    /// <summary>Reviews the overrides of a platform.</summary>
    /// <param name="platform">The inventory.</param>
    /// <param name="day">The day, in UTC.</param>
    public static OverrideReview Of(PlatformSpec platform, DateOnly day)
    {
        var all = InventoryValue.Of(platform).Overrides();
        return new(
            [.. all.Select(one => new ReviewedOverride(one.Value, one.Value.On(day)))],
            [.. all.SelectMany(one => Problem(one, day))],
            [.. all.Where(one => one.Value.On(day) == OverridePhase.Ending).Select(one => Announcement(one.Value, day))]
        );
    }

    private static IEnumerable<Problem> Problem(InventoryValue<NetworkOverride> one, DateOnly day)
    {
        var phase = one.Value.On(day);
        if (phase == OverridePhase.Expired)
            yield return ProblemCatalog.OverrideExpired.At(
                one.Of(record => record.Expires).Path,
                Invariant($"{one.Value.Expires:yyyy-MM-dd}"),
                Invariant($"{day:yyyy-MM-dd} or later")
            );
        if (phase == OverridePhase.Proposed)
            yield return ProblemCatalog.OverrideNotOpen.At(
                one.Of(record => record.Opened).Path,
                Invariant($"{one.Value.Opened:yyyy-MM-dd}"),
                Invariant($"{day:yyyy-MM-dd} or earlier")
            );
    }

    private static string Announcement(NetworkOverride one, DateOnly day) =>
        Invariant($"Override {one.Name} ends on {one.Expires:yyyy-MM-dd}, in {one.Expires.DayNumber - day.DayNumber} day(s). ")
        + "Remove it, or request a new one if the access is still needed (docs/network-overrides.md).";
}

/// <summary>An override on a day.</summary>
/// <param name="Override">The record.</param>
/// <param name="Phase">Its phase on that day.</param>
public sealed record ReviewedOverride(NetworkOverride Override, OverridePhase Phase);
