using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>Reading and comparing states without showing a value.</summary>
[Trait("Level", "pure")]
public sealed class StateFileTests
{
    private const string Secret = "hunter2-correct-horse";

    private const string State = $$"""
        {
          "version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "d3b07384",
          "outputs": { "network": { "value": "10.0.0.0/8" }, "password": { "value": "{{Secret}}", "sensitive": true } },
          "resources": [
            { "mode": "data", "type": "linode_region", "name": "here", "instances": [{ "attributes": { "id": "us-ord" } }] },
            { "mode": "managed", "type": "linode_vpc", "name": "main", "instances": [
              { "attributes": { "id": "12", "label": "infra" } }] },
            { "module": "module.pool", "mode": "managed", "type": "linode_lke_node_pool", "name": "nodes", "instances": [
              { "index_key": "general", "attributes": { "id": "1", "labels": { "{{Secret}}": "a" } } },
              { "index_key": 3, "attributes": { "id": "2" } },
              { "index_key": 3, "deposed": "00000001", "attributes": { "id": "3" } } ] }
          ]
        }
        """;

    [Fact]
    public void State_file_has_its_facts_and_the_addresses_of_its_objects()
    {
        var state = Parse(State);

        Assert.Equal((7, "d3b07384", "1.11.4"), (state.Serial, state.Lineage, state.TerraformVersion));
        Assert.Equal(
            [
                "linode_vpc.main",
                "module.pool.linode_lke_node_pool.nodes[\"general\"]",
                "module.pool.linode_lke_node_pool.nodes[3]",
                "module.pool.linode_lke_node_pool.nodes[3] (deposed 00000001)",
            ],
            state.Objects.Select(item => item.Address)
        );
        Assert.Equal(("linode_vpc/12", "infra"), (state.Objects[0].Key, state.Objects[0].Label));
        Assert.DoesNotContain(Secret, $"{state}{string.Concat(state.Objects)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"serial\": 7", "\"serial\": 7, \"serial\": 8")]
    [InlineData("\"label\": \"infra\"", "\"label\": \"infra\", \"label\": \"other\"")]
    public void State_parser_refuses_a_key_that_is_given_twice(string once, string twice)
    {
        var error = Assert.Throws<PipelineException>(() => Parse(State.Replace(once, twice, StringComparison.Ordinal)));

        Assert.Contains("Restore the newest good version with \"state restore\".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void State_parser_refuses_a_cut_state_without_quoting_it() =>
        Examples.Satisfy(
            Gen.Choose(1, State.Length - 1),
            length =>
                Assert.Throws<PipelineException>(() => Parse(State[..length])) is var refused
                && !refused.ToString().Contains(Secret)
        );

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"version\": 4}")]
    [InlineData("{\"version\": 3, \"serial\": 1}")]
    [InlineData("<Error><Code>NoSuchKey</Code></Error>")]
    public void State_parser_refuses_text_that_is_no_state(string text) => Assert.Throws<PipelineException>(() => Parse(text));

    [Fact]
    public void State_pull_without_a_state_is_null() => Assert.Null(StateFile.FromPull("\n"));

    [Fact]
    public void State_difference_has_only_addresses_and_attribute_names()
    {
        var after = JsonNode.Parse(State)!;
        after["resources"]![1]!["instances"]![0]!["attributes"]!["label"] = Secret;
        after["resources"]![1]!["instances"]![0]!["attributes"]!["tags"] = new JsonArray("new");
        after["resources"]![2]!["instances"]![0]!["attributes"]!["labels"]!["more"] = Secret;
        after["resources"]![2]!["instances"]!.AsArray().RemoveAt(1);
        after["resources"]!
            .AsArray()
            .Add(JsonNode.Parse("""{"mode":"managed","type":"linode_domain","name":"zone","instances":[{}]}"""));
        after["outputs"]!["password"]!["value"] = "changed";

        var difference = StateDifference.Between(Parse(State), Parse(after.ToJsonString()));

        Assert.Equal(["linode_domain.zone"], difference.Added);
        Assert.Equal(["module.pool.linode_lke_node_pool.nodes[3]"], difference.Removed);
        Assert.Equal(
            ["linode_vpc.main: label,tags", "module.pool.linode_lke_node_pool.nodes[\"general\"]: labels"],
            difference.Changed.Select(changed => $"{changed.Address}: {string.Join(',', changed.Attributes)}")
        );
        Assert.Equal(["password"], difference.Outputs);
        Assert.True(StateDifference.Between(Parse(State), Parse(State)).IsEmpty);
    }

    [Fact]
    public void Plan_digest_ignores_the_order_of_names_and_the_time()
    {
        static JsonObject Plan(string text) => JsonNode.Parse(text)!.AsObject();
        var digest = PlanDigest.Of(
            Plan(
                """{"timestamp":"1","terraform_version":"1.11.4","resource_changes":[{"address":"a","change":{"x":1,"y":[2]}}]}"""
            )
        );

        Assert.Equal(
            digest,
            PlanDigest.Of(
                Plan(
                    """
                    {"resource_changes":[{"change":{"y":[2],"x":1},"address":"a"}],
                    "terraform_version":"1.11.4","timestamp":"2"}
                    """
                )
            )
        );
        Assert.NotEqual(
            digest,
            PlanDigest.Of(
                Plan("""{"terraform_version":"1.11.4","resource_changes":[{"address":"a","change":{"x":2,"y":[2]}}]}""")
            )
        );
    }

    private static StateFile Parse(string text) => StateFile.Parse(Encoding.UTF8.GetBytes(text));
}
