using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Observability;

/// <summary>
/// promtool evaluates the synthesized rules: it accepts them, each alert fires at its limit with the expected labels and after
/// the recorded time, and no alert fires just below its limit.
/// </summary>
[Trait("Level", "real")]
public sealed class PromtoolTests(ITestOutputHelper output)
{
    private const string Shared = "shared";
    private const string Access = "access";

    private static readonly PlatformSpec s_platform = Inventory.Platform;

    /// <summary>The rule files: one for each environment, one for the shared alerts, one for the access alerts.</summary>
    public static TheoryData<string> Files =>
        [.. s_platform.Environments.Select(environment => environment.Name.Text), Shared, Access];

    [Theory]
    [MemberData(nameof(Files))]
    public void Prometheus_accepts_the_synthesized_rules(string file)
    {
        using var directory = new TemporaryDirectory();
        var result = Promtool(directory, "check", "rules", "--lint-fatal", Written(directory, file));
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Alerts_fire_at_their_limit_and_time_and_not_below(string file)
    {
        using var directory = new TemporaryDirectory();
        var rules = Written(directory, file);
        var tests = new JsonArray();
        foreach (var scenario in Scenarios(file))
        {
            var from = AlertScenarios.HealthySamples * AlertScenarios.Interval;
            var fires = from + scenario.FiresAfterSeconds;
            tests.Add(
                Test(
                    $"{scenario.Alert} {scenario.Severity} fires",
                    scenario.Breach,
                    (from - AlertScenarios.Interval, false),
                    (fires - AlertScenarios.Interval, false),
                    (fires, true)
                )
            );
            foreach (var (near, index) in scenario.Near.Select((near, index) => (near, index)))
                tests.Add(
                    Test(
                        $"{scenario.Alert} {scenario.Severity} does not fire ({index})",
                        near,
                        (fires, false),
                        (fires + 300, false)
                    )
                );
            output.WriteLine(
                $"{file}: {scenario.Alert} ({scenario.Severity}) fires {scenario.FiresAfterSeconds} s after the first bad sample"
            );

            JsonObject Test(string name, IReadOnlyList<Series> series, params (int At, bool Firing)[] times) =>
                new()
                {
                    ["name"] = name,
                    ["interval"] = Seconds(AlertScenarios.Interval),
                    ["input_series"] = new JsonArray([
                        .. series.Select(one => new JsonObject { ["series"] = one.Name, ["values"] = one.Values }),
                    ]),
                    ["promql_expr_test"] = new JsonArray([
                        .. times.Select(time => Expected(file, scenario, time.At, time.Firing)),
                    ]),
                };
        }
        var test = new JsonObject
        {
            ["rule_files"] = new JsonArray(rules),
            ["evaluation_interval"] = Seconds(AlertScenarios.Interval),
            ["tests"] = tests,
        };
        var result = Promtool(directory, "test", "rules", directory.Write("test.json", test.ToJsonString()));
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Fact]
    public void Alerts_all_have_a_promtool_scenario()
    {
        foreach (var file in s_platform.Environments.Select(environment => environment.Name.Text).Append(Shared).Append(Access))
        {
            var alerts = Alerts(file)
                .Where(alert => alert.Name != PrometheusRules.Watchdog)
                .Select(alert => (alert.Name, alert.Severity));
            Assert.Equal(
                alerts.Distinct().Order(),
                Scenarios(file).Select(scenario => (scenario.Alert, scenario.Severity)).Distinct().Order()
            );
        }
    }

    [Fact]
    public void Watchdog_fires_from_the_start_and_never_stops() =>
        AssertAnnotated(
            Shared,
            PrometheusRules.Watchdog,
            [],
            ["0s", "30s", "24h"],
            new()
            {
                ["environment"] = "system",
                ["owner"] = s_platform.System.Owner,
                ["severity"] = "none",
            },
            "Alerts arrive.",
            "This alert always fires and is sent once a day. A day without it means that no alert of any environment arrives."
        );

    [Fact]
    public void Alert_summary_shows_the_namespace_and_the_usage() =>
        AssertAnnotated(
            "production",
            "MemoryNearQuota",
            AlertScenarios.Overview(Environment("production")).Single(scenario => scenario.Alert == "MemoryNearQuota").Breach,
            ["30m"],
            new()
            {
                ["environment"] = "production",
                ["namespace"] = "production",
                ["owner"] = "application-teams",
                ["severity"] = "warning",
            },
            "Namespace production uses 80.8% of its memory quota.",
            "Limit: 0.8 of the quota's memory requests, for 10 minutes."
        );

    private static EnvironmentSpec Environment(string name) =>
        s_platform.Environments.Single(environment => environment.Name.Text == name);

    private static IReadOnlyList<AlertScenario> Scenarios(string file) =>
        file switch
        {
            Shared => AlertScenarios.Shared(s_platform),
            Access => AccessAlertScenarios.All,
            _ => AlertScenarios.Overview(Environment(file)),
        };

    private static IReadOnlyList<Alert> Alerts(string file) =>
        file switch
        {
            Shared => SharedObservability.Alerts(s_platform, SharedServices.For(s_platform)),
            Access => AccessAlerts.For(s_platform),
            _ => OverviewAlerts.For(s_platform, Environment(file)),
        };

    /// <summary>Expected samples at one time: one with all labels of the firing alert, or none.</summary>
    private static JsonObject Expected(string file, AlertScenario scenario, int at, bool firing)
    {
        var environment = file is Shared or Access ? s_platform.System : Environment(file);
        var labels = new Dictionary<string, string>(scenario.Labels)
        {
            ["alertname"] = scenario.Alert,
            ["alertstate"] = "firing",
            ["environment"] = environment.Name.Text,
            ["owner"] = environment.Owner,
            ["severity"] = scenario.Severity,
        };
        return new()
        {
            ["expr"] = $"ALERTS{{alertname=\"{scenario.Alert}\", severity=\"{scenario.Severity}\", alertstate=\"firing\"}}",
            ["eval_time"] = Seconds(at),
            ["exp_samples"] = firing
                ? new JsonArray(
                    new JsonObject
                    {
                        ["labels"] = $"ALERTS{{{string.Join(", ", labels.Select(label => $"{label.Key}=\"{label.Value}\""))}}}",
                        ["value"] = 1,
                    }
                )
                : new JsonArray(),
        };
    }

    private static void AssertAnnotated(
        string file,
        string alert,
        IReadOnlyList<Series> series,
        string[] times,
        JsonObject labels,
        string summary,
        string description
    )
    {
        using var directory = new TemporaryDirectory();
        var runbook = Alerts(file).First(one => one.Name == alert).Rule(s_platform)["annotations"]![
            "runbook_url"
        ]!.GetValue<string>();
        var expected = new JsonObject
        {
            ["exp_labels"] = labels,
            ["exp_annotations"] = new JsonObject
            {
                ["description"] = description,
                ["runbook_url"] = runbook,
                ["summary"] = summary,
            },
        };
        var test = new JsonObject
        {
            ["rule_files"] = new JsonArray(Written(directory, file)),
            ["evaluation_interval"] = Seconds(AlertScenarios.Interval),
            ["tests"] = new JsonArray(
                new JsonObject
                {
                    ["interval"] = Seconds(AlertScenarios.Interval),
                    ["input_series"] = new JsonArray([
                        .. series.Select(one => new JsonObject { ["series"] = one.Name, ["values"] = one.Values }),
                    ]),
                    ["alert_rule_test"] = new JsonArray([
                        .. times.Select(time => new JsonObject
                        {
                            ["alertname"] = alert,
                            ["eval_time"] = time,
                            ["exp_alerts"] = new JsonArray(expected.DeepClone()),
                        }),
                    ]),
                }
            ),
        };
        var result = Promtool(directory, "test", "rules", directory.Write("test.json", test.ToJsonString()));
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    /// <summary>Writes the rule groups of the object: the part that the operator passes to Prometheus.</summary>
    private static string Written(TemporaryDirectory directory, string file)
    {
        var rule = file switch
        {
            Shared => PrometheusRules.Shared(s_platform, Alerts(Shared)),
            Access => PrometheusRules.Access(s_platform),
            _ => PrometheusRules.Overview(s_platform, Environment(file)),
        };
        return directory.Write("rules.json", rule["spec"]!.ToJsonString());
    }

    private static string Seconds(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds}s");

    private static ToolResult Promtool(TemporaryDirectory directory, params IEnumerable<string> arguments)
    {
        DebianTools.Require("promtool", "prometheus");
        return DebianTools.Run("promtool", arguments, directory.Path);
    }
}
