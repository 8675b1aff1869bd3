using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>A table where it fits, else blocks; nothing is cut at any width.</summary>
[Trait("Level", "pure")]
public sealed class RowsTests
{
    private const string Id = "kubernetes_resource_quota_v1.main_quota-of-the-longest-name";
    private const string Reason = "The reason is a sentence that may be wrapped between two of its words.";

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(300)]
    public void Rows_keep_every_id_in_one_line(int width)
    {
        var text = new StringWriter();
        using (var output = new CommandOutput(text, TextWriter.Null, json: false, file: null, width))
            output.Rows(
                [new("Id"), new("Reason") { IsProse = true }, new("Count") { IsRight = true }],
                [
                    [Id, Reason, "7"],
                ]
            );

        Assert.Contains(Id, $"{text}", StringComparison.Ordinal);
        Assert.DoesNotContain("…", $"{text}", StringComparison.Ordinal);
        Assert.Equal(width >= 120, $"{text}".Contains('│', StringComparison.Ordinal));
        foreach (var word in Reason.Split(' '))
            Assert.Contains(word, $"{text}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Rehearsal_report_fits_the_terminal(int width)
    {
        var text = new StringWriter();
        using (var output = new CommandOutput(text, TextWriter.Null, json: false, file: null, width))
            new RehearsalView(output).Write(
                new()
                {
                    Stacks =
                    [
                        new("core", 18, SecondPlanEmpty: true, DriftFound: true, Versions: 3, Destroyed: true, Seconds: 9.5),
                        new("development", 0, false, false, 0, false, 0),
                    ],
                    AccountEmpty = true,
                    TerraformCalls = 14,
                    Seed = 7,
                    SecretsPlanted = 2,
                    SecretsFound = [],
                    Seconds = 12.3,
                    PeakMemoryMegabytes = 300,
                    RollbackSkipped = "core has no quota and no ConfigMap that a bad change could reduce",
                }
            );

        Golden.Match($"{text}", "tests", "snapshots", "screens", $"rehearse-{width}.txt");
    }
}
