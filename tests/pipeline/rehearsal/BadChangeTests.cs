using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Rehearsal;

[Trait("Level", "pure")]
public sealed class BadChangeTests
{
    [Theory]
    [InlineData("state", false)]
    [InlineData("core", false)]
    [InlineData("system", true)]
    [InlineData("development", true)]
    [InlineData("staging", true)]
    [InlineData("production", true)]
    public void Bad_change_reduces_one_value_of_the_shipped_stack(string stack, bool isPossible)
    {
        using var directory = new TemporaryDirectory();
        var original = Directory.CreateDirectory(Path.Combine(directory.Path, "original")).FullName;
        File.Copy(Repository.PathOf("tests", "snapshots", $"{stack}.json"), Path.Combine(original, StackDirectory.FileName));
        var configuration = JsonNode.Parse(File.ReadAllText(Path.Combine(original, StackDirectory.FileName)))!.AsObject();
        var before = new StackDirectory(stack, original, configuration);

        Assert.Equal(isPossible, BadChange.IsPossible(before));
        if (!isPossible)
            return;
        var copy = Directory.CreateDirectory(Path.Combine(directory.Path, "copy")).FullName;
        var after = BadChange.Write(before, copy).Configuration;

        var changed = Leaves(before.Configuration).Except(Leaves(after)).ToList();
        var one = Assert.Single(changed);
        Assert.DoesNotContain(one.Value, (string[])["0", "1"]);
        Assert.Equal("1", Leaves(after).Single(leaf => leaf.Path == one.Path).Value);
    }

    private static IEnumerable<(string Path, string Value)> Leaves(JsonNode node) =>
        node switch
        {
            JsonObject map => map.Where(item => item.Value is not null).SelectMany(item => Leaves(item.Value!)),
            JsonArray list => list.Where(item => item is not null).SelectMany(item => Leaves(item!)),
            _ => [(node.GetPath(), node.ToString())],
        };
}
