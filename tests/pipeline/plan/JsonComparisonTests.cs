using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Plan;

[Trait("Level", "pure")]
public sealed class JsonComparisonTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", "")]
    [InlineData("""{"a":1}""", """{"a":2}""", "a changed 1 2")]
    [InlineData("""{"a":1}""", """{}""", "a removed 1 null")]
    [InlineData("""{}""", """{"a":{"b":1}}""", """a added null {"b":1}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":{"b":2}}""", "a.b changed 1 2")]
    [InlineData("""{"a":{"x.y/z":1}}""", """{"a":{"x.y/z":2}}""", """a["x.y/z"] changed 1 2""")]
    [InlineData("""{"a":["x","y"]}""", """{"a":["y","z"]}""", "a removed x null; a added null z")]
    [InlineData("""{"a":["x","y","z"]}""", """{"a":["z","x","y"]}""", "a reordered [\"x\",\"y\",\"z\"] [\"z\",\"x\",\"y\"]")]
    [InlineData("""{"spec":[{"b":1}]}""", """{"spec":[{"b":2}]}""", "spec.b changed 1 2")]
    [InlineData(
        """{"p":[{"label":"x","t":1},{"label":"y","t":1}]}""",
        """{"p":[{"label":"x","t":1}]}""",
        """p[y] removed {"label":"y","t":1} null"""
    )]
    [InlineData(
        """{"p":[{"name":"x","t":1},{"name":"y","t":1}]}""",
        """{"p":[{"name":"y","t":2},{"name":"x","t":1}]}""",
        """p[y].t changed 1 2; p reordered ["x","y"] ["y","x"]"""
    )]
    [InlineData(
        """{"p":[{"t":1},{"t":2}]}""",
        """{"p":[{"t":2},{"t":3}]}""",
        "p[0].t changed 1 3; p reordered [\"0\",\"1\"] [\"1\",\"0\"]"
    )]
    public void Comparison_names_what_differs(string before, string after, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                "; ",
                JsonComparison
                    .Between(JsonNode.Parse(before), JsonNode.Parse(after))
                    .Select(one =>
                        $"{one.Path} {one.Kind.ToString().ToLowerInvariant()} "
                        + $"{PlanValue.Text(one.Before)} {PlanValue.Text(one.After)}"
                    )
            )
        );

    [Fact]
    public void Differences_applied_to_before_give_after()
    {
        var random = TestRandom.Create();
        var (compared, reordered) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            var before = Value(random, 4);
            var after = random.Next(4) == 0 ? Value(random, 4) : Mutate(random, before);
            var differences = JsonComparison.Between(before, after);

            var applied = JsonPatch.Apply(before, differences);

            Assert.True(
                JsonNode.DeepEquals(after, applied),
                $"before {Text(before)}\nafter {Text(after)}\napplied {Text(applied)}\n{string.Join('\n', differences)}"
            );
            Assert.Equal(JsonNode.DeepEquals(before, after), differences.Count == 0);
            compared += differences.Count;
            reordered += differences.Count(one => one.Kind == DifferenceKind.Reordered);
        }
        log.WriteLine($"{compared} differences, {reordered} of them in the order of a list");
        Assert.True(compared > 2000 && reordered > 50);
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";

    // Few names and values, so that lists have equal items, named items, and items that only differ in their name.
    private static JsonNode? Value(Random random, int depth) =>
        random.Next(depth > 0 ? 7 : 4) switch
        {
            0 => null,
            1 => random.Next(3),
            2 => "abc"[random.Next(3)].ToString(),
            3 => random.Next(2) == 0,
            4 => Fields(random, depth - 1),
            5 => new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => Value(random, depth - 1))]),
            _ => new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => (JsonNode)Fields(random, depth - 1))]),
        };

    private static JsonObject Fields(Random random, int depth)
    {
        var fields = new JsonObject();
        foreach (var name in new[] { "label", "name", "a", "b.c" }.Where(_ => random.Next(2) == 0))
            fields[name] = name is "label" or "name" ? "xyzuvw"[random.Next(6)].ToString() : Value(random, depth);
        return fields;
    }

    private static JsonNode? Mutate(Random random, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject fields:
                var changed = new JsonObject();
                foreach (var (name, inside) in fields.Where(_ => random.Next(8) > 0))
                    changed[name] = random.Next(3) == 0 ? Mutate(random, inside) : inside?.DeepClone();
                if (random.Next(4) == 0)
                    changed["added"] = Value(random, 1);
                return changed;
            case JsonArray items:
                var list = items
                    .Where(_ => random.Next(6) > 0)
                    .Select(item => random.Next(3) == 0 ? Mutate(random, item) : item?.DeepClone())
                    .ToList();
                if (random.Next(3) == 0)
                    list.Insert(random.Next(list.Count + 1), Value(random, 1));
                var array = list.ToArray();
                if (random.Next(3) == 0)
                    random.Shuffle(array);
                return new JsonArray(array);
            default:
                return random.Next(2) == 0 ? Value(random, 1) : value?.DeepClone();
        }
    }
}
