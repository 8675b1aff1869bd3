using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Tests.Docs;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Observability;

/// <summary>Checks of every alert that need no Prometheus.</summary>
[Trait("Level", "pure")]
public sealed partial class PrometheusRulesTests
{
    private static readonly PlatformSpec s_platform = Inventory.Platform;
    private static readonly string[] s_runbooks = [OverviewAlerts.Runbook, PlatformAlerts.Runbook, AccessAlerts.Runbook];
    private static readonly string[] s_parts = ["Meaning", "Impact", "Diagnosis", "Mitigation", "Escalation"];

    /// <summary>All runbooks: those of alerts and those of other cases.</summary>
    public static TheoryData<string> Runbooks =>
        [
            .. Directory
                .GetFiles(Repository.PathOf("docs", "runbooks"), "*.md")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void Alerts_have_all_required_labels_and_annotations()
    {
        foreach (var alert in AllAlerts())
        {
            var name = alert["alert"]!.GetValue<string>();
            Assert.NotEqual("", alert["expr"]!.GetValue<string>());
            Assert.Matches("^[0-9]+m$", alert["for"]!.GetValue<string>());
            Assert.Equal(["environment", "owner", "severity"], alert["labels"]!.AsObject().Select(label => label.Key));
            Assert.Equal(
                ["description", "runbook_url", "summary"],
                alert["annotations"]!.AsObject().Select(annotation => annotation.Key)
            );
            Assert.All(
                alert["annotations"]!.AsObject(),
                annotation => Assert.False(string.IsNullOrWhiteSpace(annotation.Value!.GetValue<string>()))
            );
            var environment = s_platform.Environments.Single(one => one.Name.Text == Label(alert, "environment"));
            Assert.Equal(environment.Owner, Label(alert, "owner"));
            // Only the watchdog has no severity: it always fires and needs no action.
            Assert.Contains(
                Label(alert, "severity"),
                name == PrometheusRules.Watchdog ? ["none"] : (string[])["critical", "warning"]
            );
        }
    }

    [Fact]
    public void Every_alert_has_a_runbook_section_and_every_section_an_alert()
    {
        var linked = AllAlerts().Select(alert => alert["annotations"]!["runbook_url"]!.GetValue<string>()).Distinct();
        var headings = s_runbooks.SelectMany(runbook =>
            Sections(runbook)
                .Select(section =>
                    $"{s_platform.Repository}/blob/main/docs/runbooks/{runbook}.md#{section.Split('\n')[0].ToLowerInvariant()}"
                )
        );
        Assert.Equal(headings.Order(), linked.Order());
    }

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void Runbook_sections_have_the_five_parts_in_order(string runbook) =>
        Assert.All(Sections(runbook), section => Assert.Equal(s_parts, Parts(section).Select(part => part.Name)));

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void Runbook_diagnosis_starts_with_a_command(string runbook) =>
        Assert.All(
            Sections(runbook),
            section =>
            {
                var diagnosis = Parts(section).Single(part => part.Name == "Diagnosis").Text;
                Assert.StartsWith("```sh\n", diagnosis.TrimStart(), StringComparison.Ordinal);
                var block = Page.Of(diagnosis).Blocks.First();
                Assert.Contains(block.Text.Split('\n'), line => line.Length > 0 && !line.StartsWith('#'));
            }
        );

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void Runbook_escalation_names_a_role(string runbook) =>
        Assert.All(
            Sections(runbook),
            section => Assert.Matches(HandedOverTo(), Parts(section).Single(part => part.Name == "Escalation").Text)
        );

    [Fact]
    public void Alerts_of_an_environment_have_a_route_for_their_severity()
    {
        foreach (var environment in s_platform.Environments)
        {
            var routed = environment.AlertRoutes.SelectMany(route => route.Severities).Select(AlertRouting.Label).ToHashSet();
            Assert.All(OverviewAlerts.For(s_platform, environment), alert => Assert.Contains(alert.Severity, routed));
        }
    }

    [Fact]
    public void Alerts_of_an_environment_use_recorded_signals_only()
    {
        foreach (var environment in s_platform.Environments)
        {
            var signals = Signals.Of(environment).All;
            foreach (var alert in OverviewAlerts.For(s_platform, environment))
                Assert.Contains(signals, signal => alert.Expression.StartsWith($"{signal.Query} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Alert_limits_are_the_thresholds_of_the_inventory()
    {
        var environment = s_platform.Applications[0] with
        {
            Thresholds = new()
            {
                CpuShare = 0.61m,
                MemoryShare = 0.62m,
                IngressLatencyMilliseconds = 4711,
                RequestSuccess = 0.9876m,
            },
        };
        var alerts = OverviewAlerts.For(s_platform, environment);
        Assert.EndsWith(" > 0.61", Expression("CpuNearQuota"));
        Assert.EndsWith(" > 0.62", Expression("MemoryNearQuota"));
        Assert.Contains(" > 4711 and ", Expression("IngressLatencyHigh"));
        Assert.Contains(" < 0.9876 and ", Expression("RequestSuccessLow"));

        string Expression(string name) => alerts.Single(alert => alert.Name == name).Expression;
    }

    [Fact]
    public void Signals_cover_only_the_namespaces_of_their_environment()
    {
        var environment = s_platform.Applications[0] with { Teams = [new("shop", "shop@example.com")] };
        var name = environment.Name.Text;
        foreach (var signal in Signals.Of(environment).All)
        {
            var selectors = Selector().Matches(signal.Expression).Select(match => match.Value).ToList();
            Assert.NotEmpty(selectors);
            Assert.All(
                selectors,
                selector =>
                    Assert.True(
                        selector.StartsWith($"{{namespace=~\"{name}|{name}-shop\"", StringComparison.Ordinal)
                            || selector.StartsWith(
                                $"{{envoy_cluster_name=~\"httproute/({name}|{name}-shop)/.+\"",
                                StringComparison.Ordinal
                            ),
                        selector
                    )
            );
        }
    }

    [Fact]
    public void Signals_of_system_cover_the_ingress_of_all_environments() =>
        Assert.Contains("httproute/[^/]+/.+", Signals.Of(s_platform.System).RequestRate.Expression);

    [Fact]
    public void Rule_groups_have_distinct_names()
    {
        var names = AllRules()
            .SelectMany(rule => rule["spec"]!["groups"]!.AsArray())
            .Select(group => group!["name"]!.GetValue<string>())
            .ToList();
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void Rules_have_the_namespace_and_labels_of_their_environment()
    {
        foreach (var environment in s_platform.Environments)
        {
            var metadata = PrometheusRules.Overview(s_platform, environment)["metadata"]!;
            Assert.Equal(environment.Name.Text, metadata["namespace"]!.GetValue<string>());
            Assert.Equal(
                Labels.Kubernetes(s_platform, environment),
                metadata["labels"]!.AsObject().ToDictionary(label => label.Key, label => label.Value!.GetValue<string>())
            );
        }
    }

    [Fact]
    public void Rules_contain_no_Terraform_template() =>
        Assert.All(AllRules(), rule => Assert.DoesNotMatch("[$%][{]", rule.ToJsonString()));

    internal static IEnumerable<JsonObject> AllRules() =>
        s_platform
            .Environments.Select(environment => PrometheusRules.Overview(s_platform, environment))
            .Append(PrometheusRules.Shared(s_platform, SharedObservability.Alerts(s_platform, SharedServices.For(s_platform))))
            .Append(PrometheusRules.Access(s_platform));

    private static IEnumerable<JsonObject> AllAlerts() =>
        AllRules()
            .SelectMany(rule => rule["spec"]!["groups"]!.AsArray())
            .SelectMany(group => group!["rules"]!.AsArray())
            .Select(rule => rule!.AsObject())
            .Where(rule => rule.ContainsKey("alert"));

    private static IEnumerable<string> Sections(string runbook) =>
        File.ReadAllText(Repository.PathOf("docs", "runbooks", $"{runbook}.md")).ReplaceLineEndings("\n").Split("\n## ").Skip(1);

    private static string Label(JsonObject alert, string label) => alert["labels"]![label]!.GetValue<string>();

    // A part reaches from its label to the next one.
    private static IEnumerable<(string Name, string Text)> Parts(string section) =>
        SectionPart().Matches(section).Select(part => (part.Groups["name"].Value, part.Groups["text"].Value));

    [GeneratedRegex(
        @"^\*\*(?<name>Meaning|Impact|Diagnosis|Mitigation|Escalation)\*\*"
            + @"(?<text>(?:(?!^\*\*(?:Meaning|Impact|Diagnosis|Mitigation|Escalation)\*\*)[\s\S])*)",
        RegexOptions.Multiline
    )]
    private static partial Regex SectionPart();

    [GeneratedRegex("platform team|security contact|owner|Linode support")]
    private static partial Regex HandedOverTo();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Selector();
}
