using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using InfraCdktf.Pipeline.Rollback;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Rollback;

/// <summary>The search for expired overrides in an archived configuration.</summary>
[Trait("Level", "pure")]
public sealed class ClosedOverridesTests
{
    private static readonly DateOnly s_today = new(2030, 3, 10);

    [Theory]
    [InlineData("2030-03-09", true)]
    [InlineData("2030-03-10", false)] // the last day counts
    public void Policy_override_is_closed_after_its_last_day(string expires, bool closed)
    {
        var configuration = Parse(
            $$"""
            { "resource": { "kubernetes_network_policy_v1": {
                "own": { "metadata": { "name": "allow-dns", "annotations": { "reason": "names" } } },
                "opened": { "metadata": { "name": "allow-override-report-egress",
                                          "annotations": { "override/expires": "{{expires}}" } } } } } }
            """
        );

        Assert.Equal(
            closed ? [$"policy allow-override-report-egress (until {expires})"] : [],
            ClosedOverrides.In(configuration, SmallPlatform.Platform, s_today)
        );
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("2030-03-09", true)]
    [InlineData("2030-03-10", false)]
    public void Firewall_rule_is_closed_without_a_record_in_force(string? recordedUntil, bool closed)
    {
        var configuration = Parse(
            """
            { "resource": { "linode_firewall": { "nodes": {
                "inbound": [{ "label": "lke-control-tcp" }, { "label": "override-office" }] } } } }
            """
        );
        var platform = SmallPlatform.Platform with
        {
            Overrides = recordedUntil is null ? [] : [Until(DateOnly.Parse(recordedUntil))],
        };

        Assert.Equal(closed ? ["firewall rule override-office"] : [], ClosedOverrides.In(configuration, platform, s_today));
    }

    private static NetworkOverride Until(DateOnly day) =>
        new()
        {
            Name = "office",
            RequestedBy = "a",
            Reason = "r",
            Ticket = "t",
            Approvers = ["b"],
            Opened = day.AddDays(-10),
            Expires = day,
            Scope = new OverrideScope.Nodes(new Cidr("203.0.113.0/24"), [new(22)]),
        };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
