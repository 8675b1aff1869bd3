using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Plan;

/// <summary>The saved documents of <see cref="PlanCasesTests"/> are what the real Terraform plans.</summary>
[Trait("Level", "real")]
public sealed class PlanCasesRealTests(SynthesizedPlatform synthesized, ITestOutputHelper log)
{
    /// <summary>Set to 1 to plan every case instead of a sample (about three minutes more).</summary>
    private const string Long = "LONG_TESTS";

    private const int Sample = 2;

    [Fact]
    public async Task Saved_documents_are_what_terraform_plans()
    {
        foreach (var one in Chosen())
        {
            log.WriteLine(one.Name);
            var (output, documents) = await PlanDocuments.PlanAsync(one, synthesized);

            Assert.Equal(one.Stacks.Order(), documents.Keys.Order());
            foreach (var (stack, document) in documents)
                PlanDocuments.Match(one, stack, document);
            Assert.DoesNotContain("planted-by-the-test", output, StringComparison.Ordinal);
        }
    }

    private static IReadOnlyList<PlanCase> Chosen()
    {
        var all = PlanCases.All.ToArray();
        if (System.Environment.GetEnvironmentVariable(Long) == "1")
            return all;
        TestRandom.Create().Shuffle(all);
        return all[..Sample];
    }
}
