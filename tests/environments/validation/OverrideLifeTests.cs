using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Validation;

/// <summary>The life of an override, day by day.</summary>
[Trait("Level", "pure")]
public sealed class OverrideLifeTests
{
    /// <summary>Days from the first one of an override of 60 days, and what they make of it.</summary>
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
    public void A_day_finds_it_proposed_in_force_ending_or_expired(int days, OverridePhase phase, string? code)
    {
        var review = OverrideReview.Of(SampleOverrides.With(SampleOverrides.Pods), SampleOverrides.Opened.AddDays(days));

        Assert.Equal(phase, Assert.Single(review.Overrides).Phase);
        Assert.Equal(code, review.Problems.SingleOrDefault()?.Code);
        Assert.Equal(phase == OverridePhase.Ending, review.Announcements.Count == 1);
    }

    [Fact]
    public void The_announcement_says_when_it_ends_and_what_to_do()
    {
        var review = OverrideReview.Of(SampleOverrides.With(SampleOverrides.Pods), SampleOverrides.Expires.AddDays(-3));

        Assert.Equal(
            "Override report-import ends on 2027-03-12, in 3 day(s). Remove it, or ask anew for what is still needed (docs/network-overrides.md).",
            Assert.Single(review.Announcements)
        );
    }

    [Fact]
    public void One_of_each_kind_is_sound_once_it_is_approved_and_may_last_90_days() =>
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
    public void Within_one_environment_one_approver_is_enough()
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
