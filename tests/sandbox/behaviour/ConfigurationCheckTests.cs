using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Clouds;
using InfraCdktf.Sandbox.Values;
using InfraCdktf.Tests.Sandbox.Clouds;

namespace InfraCdktf.Tests.Sandbox.Behaviour;

/// <summary>Every kind of behaviour fact, tested with a real attribute that has it.</summary>
[Trait("Level", "pure")]
public sealed class ConfigurationCheckTests(SandboxClouds clouds) : IClassFixture<SandboxClouds>
{
    /// <summary>Kinds that only state that something exists: a validator, a diff function, a deprecation.</summary>
    private static readonly string[] _without = ["validated", "customize_diff", "deprecated"];

    [Theory]
    [InlineData("min", "linode_database_postgresql_v2", """{"cluster_size":0}""", "cluster_size value must be at least 1")]
    [InlineData("max", "linode_database_postgresql_v2", """{"updates":{"day_of_week":8}}""", "between 1 and 7")]
    [InlineData("min_length", "linode_firewall", """{"label":"fw"}""", "string length must be between 3 and 32")]
    [InlineData(
        "max_length",
        "helm_release",
        """{"name":"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffff"}""",
        "between 1 and 53"
    )]
    [InlineData("one_of", "linode_lock", """{"lock_type":"no"}""", "value must be one of")]
    [InlineData("min_items", "linode_object_storage_key", """{"regions":[]}""", "at least 1 elements")]
    [InlineData(
        "max_items",
        "kubernetes_network_policy_v1",
        """{"spec":[{"policy_types":["a","b","c"]}]}""",
        "between 1 and 2 elements"
    )]
    [InlineData(
        "conflicts_with",
        "kubernetes_config_map_v1",
        """{"metadata":[{"name":"a","generate_name":"b"}]}""",
        "Conflicting"
    )]
    [InlineData(
        "conflicts_with",
        "kubernetes_secret_v1",
        """{"data":{},"data_wo":{"a":"b"}, "binary_data":{"a":"b"}, "binary_data_wo":{"a":"b"}}""",
        "Conflicting"
    )]
    [InlineData(
        "required_with",
        "kubernetes_secret_v1",
        """{"data_wo_revision":1}""",
        "all of `data_wo_revision,data_wo` must be specified"
    )]
    [InlineData(
        "exactly_one_of",
        "linode_object_storage_bucket",
        """{"label":"a"}""",
        "one of `region,cluster` must be specified"
    )]
    [InlineData(
        "exactly_one_of",
        "linode_object_storage_bucket",
        """{"region":"a","cluster":"b"}""",
        "only one of `region,cluster`"
    )]
    [InlineData("at_least_one_of", "kubernetes_annotations", "{}", "one of `template_annotations,annotations` must be specified")]
    [InlineData("read-only", "linode_vpc", """{"created":"now"}""", "Read-Only")]
    [InlineData("required", "linode_vpc", "{}", "Missing required argument")]
    public void Configuration_check_reports_each_kind_of_violation(string kind, string type, string config, string message)
    {
        Assert.NotEmpty(kind);
        var problems = Check(type, config);
        Assert.Contains(problems, p => $"{p.Summary} {p.Detail}".Contains(message));
    }

    [Theory]
    [InlineData("linode_firewall", """{"label":"abc","inbound_policy":"DROP","outbound_policy":"ACCEPT"}""")]
    [InlineData("kubernetes_secret_v1", """{"metadata":[{"name":"a"}],"data_wo":{"a":"b"},"data_wo_revision":1}""")]
    [InlineData("linode_object_storage_bucket", """{"region":"us-ord","label":"a"}""")]
    public void Configuration_check_accepts_a_valid_configuration(string type, string config) =>
        Assert.Empty(Check(type, config));

    [Fact]
    public void Behaviour_files_hold_only_fact_kinds_that_are_read()
    {
        var read = typeof(AttributeFacts)
            .GetProperties()
            .Select(p => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));
        var kinds = new[] { "linode-3.13.0", "kubernetes-2.38.0", "helm-3.1.1" }
            .SelectMany(f => Resource.Json($"schemas/{f}.behaviour.json").AsObject())
            .SelectMany(b => b.Value!.AsObject())
            .SelectMany(a => a.Value!.AsObject())
            .Select(k => k.Key)
            .Distinct();
        Assert.Empty(kinds.Except(read).Except(_without));
    }

    private IReadOnlyList<Problem> Check(string type, string config)
    {
        var cloud = clouds.Of(type);
        var body = cloud.Schema.Resources[type].Body;
        var value = (MapValue)JsonValues.FromJson(JsonNode.Parse(config), body.Type)!;
        return ConfigurationCheck.Run(body, cloud.Facts.Resource(type), value);
    }
}
