using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Rehearsal;

namespace InfraCdktf.Tests.Pipeline.Rehearsal;

[Trait("Level", "pure")]
public sealed class RehearsalReportTests
{
    private static readonly RehearsalReport s_good = new()
    {
        Stacks = [new("core", 18, SecondPlanEmpty: true, DriftFound: true, Versions: 3, Destroyed: true, Seconds: 9.5)],
        AccountEmpty = true,
        TerraformCalls = 14,
        Seed = 7,
        SecretsPlanted = 2,
        SecretsFound = [],
        Seconds = 12.3,
        PeakMemoryMegabytes = 300,
        Rollback = new("core", "5-aaaaaaaa", "4-bbbbbbbb", 1.2),
    };

    [Fact]
    public void Report_json_has_the_documented_fields()
    {
        var output = new StringWriter();
        new CommandOutput(output, TextWriter.Null, json: true, file: null).Json(s_good);

        Assert.Equal(
            JsonNode
                .Parse(
                    """
                    {"schemaVersion":1,
                     "stacks":[{"name":"core","resources":18,"secondPlanEmpty":true,"driftFound":true,"versions":3,
                     "destroyed":true,"seconds":9.5}],
                     "accountEmpty":true,"terraformCalls":14,"seed":7,"secretsPlanted":2,"secretsFound":[],"seconds":12.3,
                     "peakMemoryMegabytes":300,"rollback":{"stack":"core","from":"5-aaaaaaaa","to":"4-bbbbbbbb","seconds":1.2},
                     "rollbackSkipped":null,"failure":null}
                    """
                )!
                .ToJsonString(),
            JsonNode.Parse(output.ToString())!.ToJsonString()
        );
    }

    [Fact]
    public async Task View_writes_seconds_independent_of_the_culture()
    {
        var output = new StringWriter();
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
        try
        {
            await new RehearsalView(new(output, TextWriter.Null, json: false, file: null)).FollowAsync(progress =>
            {
                progress(new("core", "init", 0));
                return Task.FromResult(s_good);
            });
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Matches(@"^ +\d+\.\d s  core           init\n$", output.ToString());
    }

    public static TheoryData<string, RehearsalReport> Bad =>
        new()
        {
            { "the second plan was not empty", s_good with { Stacks = [s_good.Stacks[0] with { SecondPlanEmpty = false }] } },
            { "drift was not found", s_good with { Stacks = [s_good.Stacks[0] with { DriftFound = false }] } },
            { "no archive version", s_good with { Stacks = [s_good.Stacks[0] with { Versions = 0 }] } },
            { "the destroy was not complete", s_good with { Stacks = [s_good.Stacks[0] with { Destroyed = false }] } },
            { "the account was not empty", s_good with { AccountEmpty = false } },
            { "a rollback that took too long", s_good with { Rollback = s_good.Rollback! with { Seconds = 901 } } },
            { "a secret was found", s_good with { SecretsFound = [new("password", "core.log")] } },
            { "secrets were not searched for", s_good with { SecretsFound = null } },
            { "a failure", s_good with { Failure = new("core", "apply", "no", [], []) } },
            { "no stack", s_good with { Stacks = [] } },
        };

    [Fact]
    public void Report_holds_if_every_check_passed() => Assert.True(s_good.Held);

    [Theory]
    [MemberData(nameof(Bad))]
    public void Report_does_not_hold_if_one_check_failed(string what, RehearsalReport report) => Assert.False(report.Held, what);
}
