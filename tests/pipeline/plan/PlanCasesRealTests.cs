using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Plan;

/// <summary>The saved documents of <see cref="PlanCasesTests"/> are what the real Terraform plans.</summary>
[Trait("Level", "real")]
public sealed class PlanCasesRealTests(SynthesizedPlatform synthesized, ITestOutputHelper log)
{
    /// <summary>
    /// Set to 1 to plan every case and to compare whole documents. Otherwise a sample is planned, and only the words about it are
    /// compared: most changes of the stacks change the documents and not the words.
    /// </summary>
    private const string Long = "LONG_TESTS";

    private const int Sample = 4;

    private static readonly bool s_long = System.Environment.GetEnvironmentVariable(Long) == "1";

    [Fact]
    public async Task Saved_documents_are_what_terraform_plans()
    {
        var all = PlanCases.All.ToArray();
        if (!s_long)
            TestRandom.Create().Shuffle(all);
        foreach (var one in s_long ? all : all[..Sample])
        {
            log.WriteLine(one.Name);
            var (output, documents) = await PlanDocuments.PlanAsync(one, synthesized);

            Assert.Equal(one.Stacks.Order(), documents.Keys.Order());
            foreach (var (stack, document) in documents)
            {
                if (s_long)
                    PlanDocuments.Match(one, stack, document);
                Assert.Equal(Words(stack, PlanDocuments.Read(one, stack)), Words(stack, document));
            }
            Assert.DoesNotContain("planted-by-the-test", output, StringComparison.Ordinal);
        }
    }

    // Every change that a rule speaks about, with the rule's words.
    private static IEnumerable<string> Words(string stack, JsonObject document) =>
        from change in PlanSummary.Of(stack, document).Changes.SelectMany(one => one.Objects.Prepend(one))
        from remark in change.Remarks
        orderby change.Address, remark.Text
        select $"{change.Action} {change.Address}: {remark}";
}
