using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Validation;

/// <summary>The phase of a network override on each day: proposed, in force, ending, expired.</summary>
[Trait("Level", "pure")]
public sealed class OverrideReviewTests
{
    /// <summary>Days after the first day of an override of 60 days; the phase on that day; the problem code, if any.</summary>
    public static TheoryData<int, OverridePhase, string?> Days =>
        new()
        {
            { -1, OverridePhase.Proposed, "INF-821" },
            { 0, OverridePhase.InForce, null },
            { 45, OverridePhase.InForce, null },
            { 46, OverridePhase.Ending, null },
            { 60, OverridePhase.Ending, null },
            { 61, OverridePhase.Expired, "INF-820" },
        };

    [Theory]
    [MemberData(nameof(Days))]
    public void Override_phase_depends_on_the_day(int days, OverridePhase phase, string? code)
    {
        var review = OverrideReview.Of(SampleOverrides.With(SampleOverrides.Pods), SampleOverrides.Opened.AddDays(days));

        Assert.Equal(phase, Assert.Single(review.Overrides).Phase);
        Assert.Equal(code, review.Problems.SingleOrDefault()?.Code);
        Assert.Equal(phase == OverridePhase.Ending, review.Announcements.Count == 1);
    }

    [Fact]
    public void Override_announcement_names_the_last_day_and_the_action()
    {
        var review = OverrideReview.Of(SampleOverrides.With(SampleOverrides.Pods), SampleOverrides.Expires.AddDays(-3));

        Assert.Equal(
            "Override report-import ends on 2027-03-12, in 3 day(s). "
                + "Remove it, or request a new one if the access is still needed (docs/network-overrides.md).",
            Assert.Single(review.Announcements)
        );
    }

    [Fact]
    public void Override_of_each_kind_is_valid_for_up_to_90_days() =>
        Assert.Empty(
            InventoryCheck.Problems(
                SampleOverrides.With(
                    SampleOverrides.Pods with
                    {
                        Expires = SampleOverrides.Opened.AddDays(NetworkOverride.MostDays),
                    },
                    SampleOverrides.Outside,
                    SampleOverrides.Nodes,
                    SampleOverrides.ControlPlane
                )
            )
        );

    [Fact]
    public void Override_within_one_environment_needs_one_approver()
    {
        PlatformSpec platform = SampleOverrides.With(
            SampleOverrides.Pods with
            {
                Approvers = ["grace"],
                Scope = new OverrideScope.Pods(
                    SampleOverrides.Api with
                    {
                        Namespace = "staging-shop",
                    },
                    SampleOverrides.Api,
                    [new(8080)]
                ),
            }
        ) with
        {
            Applications = [Staging.Environment with { Teams = [new("shop", "#shop") { TalksWith = [] }] }],
        };

        Assert.Empty(InventoryCheck.Problems(platform));
    }
}
