using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Plan;

[Trait("Level", "pure")]
public sealed class PlanTextTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Text_is_never_wider_unless_a_word_is(int width)
    {
        foreach (var line in Screens().SelectMany(plan => PlanText.Lines(plan, width)))
            Assert.True(
                line.Text.Length <= width || line.Text.Trim().Split(' ').Length == 1 || !line.Text.Trim().Contains(' '),
                $"{line.Text.Length} columns: {line.Text}"
            );
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Text_keeps_every_character_at_any_width(int width) =>
        Assert.All(
            Screens(),
            plan => Assert.Equal(Words(PlanText.Lines(plan, int.MaxValue)), Words(PlanText.Lines(plan, width)))
        );

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Text_has_each_address_and_path_whole(int width)
    {
        foreach (var plan in Screens())
        {
            var lines = PlanText.Lines(plan, width).Select(line => line.Text).ToList();
            foreach (var change in plan.Changes.SelectMany(one => one.Objects.Prepend(one)))
            foreach (
                var word in change
                    .Attributes.Where(_ => change.Action == PlannedAction.Change)
                    .Select(attribute => attribute.Path)
                    .Prepend(change.Address)
                    .SelectMany(text => text.Split(' '))
            )
                Assert.True(lines.Exists(line => line.Contains(word, StringComparison.Ordinal)), $"{word} is not whole");
        }
    }

    [Fact]
    public void Long_values_say_that_they_are_shortened()
    {
        var (before, after) = (
            new string('a', 300) + "-old-" + new string('z', 300),
            new string('a', 300) + "-new-" + new string('z', 300)
        );
        var plan = Plan($$"""{"text":"{{before}}"}""", $$"""{"text":"{{after}}"}""");

        var line = PlanText.Lines(plan, int.MaxValue)[^1].Text;

        Assert.Equal(
            "        text: …aaaaaaaaaaaaaaaaaaaaaaa-old-zzzzzzzzzzzzzzzzzzzzzzz… → "
                + "…aaaaaaaaaaaaaaaaaaaaaaa-new-zzzzzzzzzzzzzzzzzzzzzzz… (shortened: 605 → 605 characters)",
            line
        );
    }

    private static IEnumerable<string> Words(IEnumerable<PlanLine> lines) =>
        lines.SelectMany(line => line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<PlanSummary> Screens() =>
        PlanDocuments.Saved.Select(saved => PlanSummary.Of(saved.Stack, saved.Document));

    private static PlanSummary Plan(string before, string after) =>
        PlanSummary.Of(
            "core",
            new JsonObject
            {
                ["resource_changes"] = new JsonArray(
                    JsonNode.Parse(
                        $$$"""
                        {"address":"linode_x.y","mode":"managed","type":"linode_x",
                         "change":{"actions":["update"],"before":{{{before}}},"after":{{{after}}} } }
                        """
                    )
                ),
            }
        );
}
