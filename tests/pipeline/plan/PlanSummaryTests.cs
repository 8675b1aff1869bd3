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
    public void Summary_maps_every_terraform_action(string actions, PlannedAction expected) =>
        Assert.Equal(expected, Assert.Single(Summary(Resource("linode_vpc", actions)).Changes).Action);

    [Theory]
    [InlineData("""["no-op"]""")]
    [InlineData("""["read"]""")]
    public void Summary_omits_unchanged_resources(string actions) =>
        Assert.True(Summary(Resource("linode_vpc", actions)).IsEmpty);

    [Fact]
    public void Summary_shows_an_import_and_a_move()
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
    public void Summary_omits_data_sources()
    {
        var data = Resource("linode_region", """["read"]""");
        data["mode"] = "data";

        Assert.True(Summary(data).IsEmpty);
    }

    [Fact]
    public void Summary_counts_a_changed_output_as_a_difference()
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
        "its type"
    )]
    [InlineData(
        "linode_lke_node_pool",
        """{"type":"a","disk_encryption":"enabled"}""",
        """{"type":"a","disk_encryption":"disabled"}""",
        "its disk encryption"
    )]
    [InlineData(
        "linode_lke_cluster",
        """{"pool":[{"label":"a","type":"a"},{"label":"b","type":"a"}]}""",
        """{"pool":[{"label":"a","type":"a"},{"label":"b","type":"b"}]}""",
        "pool b: its type"
    )]
    public void Summary_shows_a_pool_update_as_replace_if_linode_replaces_it(
        string type,
        string before,
        string after,
        string what
    )
    {
        var change = Assert.Single(Summary(Resource(type, """["update"]""", before, after)).Changes);

        Assert.Equal(PlannedAction.Replace, change.Action);
        Assert.Equal(ChangeGroup.Destroys, change.Group);
        var remark = Assert.Single(change.Remarks, remark => remark.Kind == RemarkKind.Destroys);
        Assert.Contains("Linode replaces all nodes", remark.Text, StringComparison.Ordinal);
        Assert.EndsWith($"{what} changes.", remark.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linode_lke_node_pool", """{"type":"a","node_count":1}""", """{"type":"a","node_count":2}""")]
    [InlineData("linode_lke_node_pool", """{"type":"a","disk_encryption":"enabled"}""", """{"type":"a"}""")] // known after apply
    [InlineData("linode_lke_cluster", """{"pool":[{"type":"a"}]}""", """{"pool":[{"type":"a"},{"type":"b"}]}""")] // one more pool
    [InlineData("linode_instance", """{"type":"a"}""", """{"type":"b"}""")]
    public void Summary_shows_other_updates_as_change(string type, string before, string after) =>
        Assert.Equal(
            PlannedAction.Change,
            Assert.Single(Summary(Resource(type, """["update"]""", before, after)).Changes).Action
        );

    [Fact]
    public void Summary_contains_no_values_if_none_are_wanted()
    {
        var summary = Summary(
            Resource(
                "linode_lke_node_pool",
                """["update"]""",
                """{"type":"before-1","tags":["before-2"]}""",
                """{"type":"after-1","tags":["after-2"]}"""
            )
        );

        var text = System.Text.Json.JsonSerializer.Serialize(summary);
        var without = System.Text.Json.JsonSerializer.Serialize(summary.WithoutValues());
        Assert.All(
            ["before-1", "before-2", "after-1", "after-2"],
            value => Assert.Contains(value, text, StringComparison.Ordinal)
        );
        Assert.All(
            ["before-1", "before-2", "after-1", "after-2"],
            value => Assert.DoesNotContain(value, without, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("It destroys and replaces nothing.", "[\"create\"]")]
    [InlineData("It destroys 1 object.", "[\"delete\"]")]
    [InlineData("It destroys 2 objects, replaces 1 object.", "[\"delete\"]", "[\"delete\"]", "[\"delete\",\"create\"]")]
    public void Question_for_approval_counts_what_ends(string expected, params string[] actions) =>
        Assert.Equal(
            expected,
            PlanSummary.Ends([Summary([.. actions.Select(action => Resource("linode_vpc", action))]), Summary()])
        );

    [Fact]
    public void Question_for_approval_counts_parts_of_objects()
    {
        var cluster = Resource(
            "linode_lke_cluster",
            """["update"]""",
            """{"pool":[{"label":"a","type":"t"},{"label":"b","type":"t"}]}""",
            """{"pool":[{"label":"a","type":"t"}]}"""
        );
        var release = Resource("helm_release", """["update"]""");
        release["change"]!["before"] = JsonNode.Parse(
            """{"values":["{\"manifests\":[{\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"}}]}"]}"""
        );
        release["change"]!["after"] = JsonNode.Parse("""{"values":["{\"manifests\":[]}"]}""");

        Assert.Equal(
            "It destroys 1 object, destroys a part of 1 object.",
            PlanSummary.Ends([Summary(cluster), Summary(release)])
        );
    }

    [Fact]
    public void Summary_refuses_an_unknown_action()
    {
        var error = Assert.Throws<PipelineException>(() => Summary(Resource("linode_vpc", """["teleport"]""")));

        Assert.Contains("linode_vpc.x", error.Message, StringComparison.Ordinal);
        Assert.Contains("teleport", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_shows_destroys_first_then_sorts_by_address()
    {
        var summary = Summary(
            Resource("linode_b", """["create"]"""),
            Resource("linode_a", """["create"]"""),
            Resource("linode_c", """["delete"]""")
        );

        Assert.Equal(["linode_c.x", "linode_a.x", "linode_b.x"], summary.Changes.Select(change => change.Address));
        Assert.Equal("2 to add, 0 to change, 0 to replace, 1 to destroy", summary.ToString());
    }

    private static PlanSummary Summary(params JsonNode[] resources) =>
        PlanSummary.Of("core", new JsonObject { ["resource_changes"] = new JsonArray(resources) });

    private static JsonObject Resource(string type, string actions, string before = "{}", string after = "{}") =>
        JsonNode
            .Parse(
                $$$"""
                {"address":"{{{type}}}.x","mode":"managed","type":"{{{type}}}",
                 "change":{"actions":{{{actions}}},"before":{{{before}}},"after":{{{after}}} } }
                """
            )!
            .AsObject();
}
