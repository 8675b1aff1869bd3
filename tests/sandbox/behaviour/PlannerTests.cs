using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Tests.Sandbox.Behaviour;

/// <summary>Plans as the SDK and the newer framework make them, tested with small schemas of this class.</summary>
[Trait("Level", "pure")]
public sealed class PlannerTests
{
    private const string Framework = """
        {"block":{"attributes":{
          "id":{"type":"string","computed":true},
          "label":{"type":"string","required":true},
          "size":{"type":"number","optional":true,"computed":true},
          "region":{"type":"string","optional":true},
          "updated":{"type":"string","computed":true},
          "secret":{"type":"string","optional":true,"write_only":true},
          "net":{"optional":true,"nested_type":{"nesting_mode":"single","attributes":{
             "vpc":{"type":"number","required":true},"public":{"type":"bool","optional":true,"computed":true}}}},
          "rules":{"optional":true,"nested_type":{"nesting_mode":"list","attributes":{
             "port":{"type":"string","required":true},"handle":{"type":"string","computed":true}}}}}}}
        """;

    private static readonly string _legacy = Framework.Replace(
        "\"id\":{\"type\":\"string\",",
        "\"id\":{\"type\":\"string\",\"optional\":true,"
    );

    private static readonly Dictionary<string, AttributeFacts> _facts = new()
    {
        ["id"] = new() { UseStateForUnknown = true },
        ["region"] = new() { ForceNew = true },
        ["size"] = new() { Default = 1 },
        ["net.public"] = new() { Default = false },
        ["rules.port"] = new() { ForceNew = true },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Create_plan_has_defaults_unknowns_and_no_write_only_value(bool legacy)
    {
        var planned = Plan(legacy, """{"label":"a","secret":"s","net":{"vpc":1}}""", null).Planned;
        Assert.Equal(NumberValue.Of(1), planned["size"]);
        Assert.IsType<UnknownValue>(planned["id"]);
        Assert.IsType<UnknownValue>(planned["updated"]);
        Assert.Null(planned["secret"]);
        Assert.Equal(new BoolValue(false), ((MapValue)planned["net"]!)["public"]);
    }

    [Fact]
    public void Plan_without_a_difference_keeps_all_computed_values()
    {
        const string state = """{"id":"7","label":"a","size":1,"updated":"then"}""";
        var change = Plan(legacy: false, """{"label":"a"}""", state);
        Assert.Equal(Value(false, state), change.Planned);
        Assert.Empty(change.RequiresReplace);
    }

    [Fact]
    public void Framework_update_keeps_only_UseStateForUnknown_values()
    {
        var planned = Plan(legacy: false, """{"label":"b"}""", """{"id":"7","label":"a","size":1,"updated":"then"}""").Planned;
        Assert.Equal(new TextValue("7"), planned["id"]);
        Assert.IsType<UnknownValue>(planned["updated"]);
    }

    [Fact]
    public void Sdk_update_keeps_every_computed_value()
    {
        var planned = Plan(legacy: true, """{"label":"b"}""", """{"id":"7","label":"a","size":1,"updated":"then"}""").Planned;
        Assert.Equal(new TextValue("then"), planned["updated"]);
    }

    [Fact]
    public void Replacement_names_the_path_that_forces_it() =>
        Assert.Equal(
            ["region"],
            Plan(false, """{"label":"a","region":"y"}""", """{"id":"7","label":"a","size":1,"region":"x"}""")
                .RequiresReplace.Select(p => p.ToString())
        );

    [Theory]
    [InlineData("""[{"port":"2"}]""", """[{"port":"1","handle":"h"}]""", "rules 0 port")]
    [InlineData("""[{"port":"1"},{"port":"2"}]""", """[{"port":"1","handle":"h"}]""", "rules")]
    [InlineData("""[]""", """[{"port":"1","handle":"h"}]""", "rules")]
    public void Replacement_in_a_list_names_the_element(string config, string state, string path)
    {
        var change = Plan(
            true,
            $$"""{"label":"a","rules":{{config}}}""",
            $$"""{"id":"7","label":"a","size":1,"updated":"then","rules":{{state}}}"""
        );
        Assert.Equal([path], change.RequiresReplace.Select(p => string.Join(' ', p.Steps)));
    }

    [Fact]
    public void Resource_without_update_is_replaced_by_any_change()
    {
        var facts = new Dictionary<string, AttributeFacts> { [""] = new() { NoUpdate = true } };
        var change = Plan(true, """{"label":"b"}""", """{"id":"7","label":"a"}""", facts);
        Assert.Equal(["label"], change.RequiresReplace.Select(p => p.ToString()));
    }

    [Fact]
    public void Suppressed_difference_keeps_the_prior_value()
    {
        var facts = new Dictionary<string, AttributeFacts> { ["region"] = new() { DiffSuppressed = true } };
        var change = Plan(true, """{"label":"a","region":"X"}""", """{"id":"7","label":"a","region":"x"}""", facts);
        Assert.Equal(new TextValue("x"), change.Planned["region"]);
    }

    private static PlannedChange Plan(bool legacy, string config, string? state, Dictionary<string, AttributeFacts>? facts = null)
    {
        var (given, prior) = (Value(legacy, config), state is null ? null : Value(legacy, state));
        return new Planner(
            Schema(legacy),
            new BodyFacts(facts ?? _facts),
            (_, a, b) => a?.ToString()?.ToLowerInvariant() == b?.ToString()?.ToLowerInvariant()
        ).Plan(given, prior, Proposed(Schema(legacy).Body, given, prior));
    }

    /// <summary>Merges like Terraform: the configuration, and the state for values that only the provider sets.</summary>
    private static MapValue Proposed(BodySchema body, MapValue config, MapValue? prior) =>
        new(
            config.Fields.ToDictionary(
                f => f.Key,
                f =>
                    f.Value is null && body.Attributes[f.Key].Computed ? prior?[f.Key]
                    : f.Value is ListValue list && body.Nested(f.Key) is { } nested
                        ? new ListValue([
                            .. list.Items.Select(
                                (e, i) =>
                                    Proposed(
                                        nested.Body,
                                        (MapValue)e!,
                                        (prior?[f.Key] as ListValue)?.Items.ElementAtOrDefault(i) as MapValue
                                    )
                            ),
                        ])
                    : f.Value
            )
        );

    private static ResourceSchema Schema(bool legacy) => new(JsonNode.Parse(legacy ? _legacy : Framework)!);

    private static MapValue Value(bool legacy, string json) =>
        (MapValue)JsonValues.FromJson(JsonNode.Parse(json), Schema(legacy).Body.Type)!;
}
