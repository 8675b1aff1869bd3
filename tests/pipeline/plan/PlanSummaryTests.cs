using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;

namespace InfraCdktf.Tests.Pipeline.Plan;

[Trait("Level", "pure")]
public sealed class PlanSummaryTests
{
    [Theory]
    [InlineData("""["create"]""", PlannedAction.Add)]
    [InlineData("""["update"]""", PlannedAction.Change)]
    [InlineData("""["delete"]""", PlannedAction.Destroy)]
    [InlineData("""["forget"]""", PlannedAction.Forget)]
    [InlineData("""["delete","create"]""", PlannedAction.Replace)]
    [InlineData("""["create","delete"]""", PlannedAction.Replace)]
    public void Terraforms_actions_have_a_name_each(string actions, PlannedAction expected) =>
        Assert.Equal(expected, Assert.Single(Summary(Resource("linode_vpc", actions)).Changes).Action);

    [Theory]
    [InlineData("""["no-op"]""")]
    [InlineData("""["read"]""")]
    public void What_stays_is_not_shown(string actions) => Assert.True(Summary(Resource("linode_vpc", actions)).IsEmpty);

    [Fact]
    public void An_import_and_a_move_are_shown_although_nothing_is_done()
    {
        var import = Resource("linode_vpc", """["no-op"]""");
        import["change"]!["importing"] = new JsonObject { ["id"] = "1" };
        var move = Resource("linode_vpc", """["no-op"]""");
        move["previous_address"] = "linode_vpc.before";

        Assert.Equal(PlannedAction.Import, Assert.Single(Summary(import).Changes).Action);
        Assert.Equal(
            new PlannedChange("linode_vpc.x", PlannedAction.Move, "was linode_vpc.before"),
            Assert.Single(Summary(move).Changes)
        );
    }

    [Fact]
    public void A_data_source_is_no_change()
    {
        var data = Resource("linode_region", """["read"]""");
        data["mode"] = "data";

        Assert.True(Summary(data).IsEmpty);
    }

    [Fact]
    public void An_output_that_changes_is_a_difference_as_it_is_for_terraform()
    {
        var plan = new JsonObject
        {
            ["output_changes"] = JsonNode.Parse("""{"a":{"actions":["create"]},"b":{"actions":["no-op"]}}"""),
        };
        var summary = PlanSummary.Of("core", plan);

        Assert.Equal(1, summary.Outputs);
        Assert.False(summary.IsEmpty);
        Assert.Equal("0 to add, 0 to change, 0 to replace, 0 to destroy, 1 output(s)", summary.ToString());
    }

    [Theory]
    [InlineData(
        "linode_lke_node_pool",
        """{"type":"a","disk_encryption":"enabled"}""",
        """{"type":"b","disk_encryption":"enabled"}""",
        "type"
    )]
    [InlineData(
        "linode_lke_node_pool",
        """{"type":"a","disk_encryption":"enabled"}""",
        """{"type":"a","disk_encryption":"disabled"}""",
        "disk_encryption"
    )]
    [InlineData(
        "linode_lke_cluster",
        """{"pool":[{"type":"a"},{"type":"a"}]}""",
        """{"pool":[{"type":"a"},{"type":"b"}]}""",
        "pool[1].type"
    )]
    public void A_pool_that_linode_replaces_is_a_replacement_whatever_terraform_says(
        string type,
        string before,
        string after,
        string what
    )
    {
        var change = Assert.Single(Summary(Resource(type, """["update"]""", before, after)).Changes);

        Assert.Equal(PlannedAction.Replace, change.Action);
        Assert.EndsWith($": {what} changes", change.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linode_lke_node_pool", """{"type":"a","node_count":1}""", """{"type":"a","node_count":2}""")]
    [InlineData("linode_lke_node_pool", """{"type":"a","disk_encryption":"enabled"}""", """{"type":"a"}""")] // known after apply
    [InlineData("linode_lke_cluster", """{"pool":[{"type":"a"}]}""", """{"pool":[{"type":"a"},{"type":"b"}]}""")] // one more pool
    [InlineData("linode_instance", """{"type":"a"}""", """{"type":"b"}""")]
    public void Any_other_update_is_in_place(string type, string before, string after) =>
        Assert.Equal(
            PlannedAction.Change,
            Assert.Single(Summary(Resource(type, """["update"]""", before, after)).Changes).Action
        );

    [Fact]
    public void Values_never_get_into_a_summary()
    {
        var summary = Summary(
            Resource("linode_lke_node_pool", """["update"]""", """{"type":"s3cret-1"}""", """{"type":"s3cret-2"}""")
        );

        Assert.DoesNotContain("s3cret", System.Text.Json.JsonSerializer.Serialize(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void An_action_nobody_knows_is_refused_rather_than_left_out()
    {
        var error = Assert.Throws<PipelineException>(() => Summary(Resource("linode_vpc", """["teleport"]""")));

        Assert.Contains("linode_vpc.x", error.Message, StringComparison.Ordinal);
        Assert.Contains("teleport", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_are_counted_and_sorted_by_address()
    {
        var summary = Summary(
            Resource("linode_b", """["create"]"""),
            Resource("linode_a", """["create"]"""),
            Resource("linode_c", """["delete"]""")
        );

        Assert.Equal(["linode_a.x", "linode_b.x", "linode_c.x"], summary.Changes.Select(change => change.Address));
        Assert.Equal("2 to add, 0 to change, 0 to replace, 1 to destroy", summary.ToString());
    }

    private static PlanSummary Summary(params JsonNode[] resources) =>
        PlanSummary.Of("core", new JsonObject { ["resource_changes"] = new JsonArray(resources) });

    private static JsonObject Resource(string type, string actions, string before = "{}", string after = "{}") =>
        JsonNode
            .Parse(
                $$$"""{"address":"{{{type}}}.x","mode":"managed","type":"{{{type}}}","change":{"actions":{{{actions}}},"before":{{{before}}},"after":{{{after}}} } }"""
            )!
            .AsObject();
}
