using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Plan;

/// <summary>
/// What a plan shows for changes of the inventory, made one at a time. The texts are made from saved documents of Terraform;
/// <see cref="PlanCasesRealTests"/> compares the documents with real plans.
/// </summary>
[Trait("Level", "pure")]
public sealed class PlanCasesTests
{
    public static TheoryData<string> Names => [.. PlanCases.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_of_a_changed_inventory_is_shown_in_words(string name)
    {
        var one = PlanCases.Of(name);
        var plans = one.Stacks.Select(stack => PlanSummary.Of(stack, PlanDocuments.Read(one, stack))).ToList();

        Golden.Match(Text(plans, 120), "tests", "pipeline", "plan", "golden", $"{name}.txt");
        // Without values every remark is still there.
        Assert.Equal(
            plans.SelectMany(plan => plan.Changes).SelectMany(change => change.Remarks).Select(remark => remark.Text),
            plans
                .SelectMany(plan => plan.WithoutValues().Changes)
                .SelectMany(change => change.Remarks)
                .Select(remark => remark.ToString())
        );
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Screen_of_a_plan_fits_its_width(int width)
    {
        var plans = new[] { "control-plane-access", "pools-swapped", "grant-widened", "registries" }
            .Select(PlanCases.Of)
            .SelectMany(one => one.Stacks.Select(stack => PlanSummary.Of(stack, PlanDocuments.Read(one, stack))));

        Golden.Match(Text(plans, width), "tests", "pipeline", "plan", "golden", "screens", $"{width}.txt");
    }

    [Fact]
    public void Markdown_says_what_the_text_says()
    {
        var one = PlanCases.Of("bucket-removed");
        var plans = one.Stacks.Select(stack => PlanSummary.Of(stack, PlanDocuments.Read(one, stack))).ToList();

        Golden.Match(PlanMarkdown.Of(plans), "tests", "pipeline", "plan", "golden", "markdown", "values.txt");
        Golden.Match(
            PlanMarkdown.Of(plans.Select(plan => plan.WithoutValues())),
            "tests",
            "pipeline",
            "plan",
            "golden",
            "markdown",
            "no-values.txt"
        );
    }

    private static string Text(IEnumerable<PlanSummary> plans, int width) =>
        string.Concat(plans.SelectMany(plan => PlanText.Lines(plan, width)).Select(line => $"{line.Text}\n"));
}
