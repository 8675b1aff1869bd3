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
    public void The_json_has_the_fields_that_others_read()
    {
        var output = new StringWriter();
        new CommandOutput(output, TextWriter.Null, json: true, file: null).Json(s_good);

        Assert.Equal(
            """{"stacks":[{"name":"core","resources":18,"secondPlanEmpty":true,"driftFound":true,"versions":3,"destroyed":true,"seconds":9.5}],"accountEmpty":true,"terraformCalls":14,"seed":7,"secretsPlanted":2,"secretsFound":[],"seconds":12.3,"peakMemoryMegabytes":300,"rollback":{"stack":"core","from":"5-aaaaaaaa","to":"4-bbbbbbbb","seconds":1.2},"failure":null}""",
            JsonNode.Parse(output.ToString())!.ToJsonString()
        );
    }

    [Fact]
    public async Task The_seconds_of_a_step_are_written_alike_in_every_culture()
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
            { "a second plan", s_good with { Stacks = [s_good.Stacks[0] with { SecondPlanEmpty = false }] } },
            { "drift", s_good with { Stacks = [s_good.Stacks[0] with { DriftFound = false }] } },
            { "no version", s_good with { Stacks = [s_good.Stacks[0] with { Versions = 0 }] } },
            { "a destroy", s_good with { Stacks = [s_good.Stacks[0] with { Destroyed = false }] } },
            { "the account", s_good with { AccountEmpty = false } },
            { "a rollback that took too long", s_good with { Rollback = s_good.Rollback! with { Seconds = 901 } } },
            { "a secret", s_good with { SecretsFound = [new("password", "core.log")] } },
            { "secrets never searched", s_good with { SecretsFound = null } },
            { "a failure", s_good with { Failure = new("core", "apply", "no", [], []) } },
            { "no stack", s_good with { Stacks = [] } },
        };

    [Fact]
    public void It_held_when_all_did() => Assert.True(s_good.Held);

    [Theory]
    [MemberData(nameof(Bad))]
    public void One_thing_that_did_not_hold_is_enough(string what, RehearsalReport report) => Assert.False(report.Held, what);
}
