using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Constructs.Admission;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Observability;

/// <summary>Time from a refused request to the page: the sum of the synthesized intervals.</summary>
[Trait("Level", "synthesized")]
public sealed partial class AccessAlertTimeTests(SynthesizedPlatform platform, ITestOutputHelper output)
{
    private const int Limit = 300;

    private static readonly PlatformSpec s_platform = Inventory.Platform;

    [Fact]
    public void Access_alerts_page_within_five_minutes_of_a_denied_admission()
    {
        var values = Monitoring();
        var prometheus = values["prometheus"]!["prometheusSpec"]!;
        var root = values["alertmanager"]!["config"]!["route"]!;
        foreach (var rule in Rules())
        {
            var name = Text(rule["alert"]);
            var route = root["routes"]!.AsArray().First(one => Matches(one!, name))!;
            var scrape = Seconds(prometheus["scrapeInterval"]);
            var evaluation = Seconds(prometheus["evaluationInterval"]);
            var lasting = Seconds(rule["for"]);
            // If the group has just sent another alert, the wait is group_interval instead of group_wait.
            var wait = Math.Max(
                Seconds(route["group_wait"] ?? root["group_wait"]),
                Seconds(route["group_interval"] ?? root["group_interval"])
            );
            var sum = scrape + evaluation + lasting + wait;
            output.WriteLine(
                $"{name}: scrape {scrape} + evaluation {evaluation} + for {lasting} + group {wait} = {sum} s (limit {Limit})"
            );
            Assert.True(sum <= Limit, $"{name}: {sum} s");
        }
    }

    [Fact]
    public void Access_alerts_are_synthesized_and_cover_every_policy()
    {
        var expressions = Rules().Select(rule => Text(rule["expr"])).ToList();
        Assert.Equal(AccessAlerts.For(s_platform).Count, expressions.Count);
        Assert.All(
            AdmissionPolicies.AccessPolicies.Append(AdmissionPolicies.BreakGlassUse),
            policy => Assert.Contains(expressions, expression => PolicyNames(expression).Contains(policy))
        );
    }

    [Fact]
    public void Api_server_scrape_keeps_the_series_of_the_access_alerts()
    {
        // By default kube-prometheus-stack scrapes the API server at the common interval. If it were disabled, or had its own
        // interval or drop rules, the values would contain this key.
        Assert.Null(Monitoring()["kubeApiServer"]);
        // The chart's only drop rule for the API server (chart 88.5.3).
        var dropped = new Regex(
            @"^(?:(etcd_request|apiserver_request_slo|apiserver_request_sli|apiserver_request)_duration_seconds_bucket;"
                + @"(0\.15|0\.2|0\.3|0\.35|0\.4|0\.45|0\.6|0\.7|0\.8|0\.9|1\.25|1\.5|1\.75"
                + @"|2|3|3\.5|4|4\.5|6|7|8|9|15|20|40|45|50)(\.0)?)$"
        );
        var metrics = Rules().SelectMany(rule => Metric().Matches(Text(rule["expr"]))).Select(match => match.Groups[1].Value);
        Assert.Superset(
            new HashSet<string>
            {
                "apiserver_validating_admission_policy_check_total",
                "apiserver_request_total",
                "authorization_attempts_total",
                "kube_job_status_failed",
                "kube_cronjob_status_last_successful_time",
            },
            metrics.ToHashSet()
        );
        Assert.All(metrics, metric => Assert.DoesNotMatch(dropped, $"{metric};"));
    }

    private JsonObject Monitoring() =>
        platform
            .Shipped.Stacks[s_platform.System.Name.Text]
            .Of("helm_release")
            .Single(release => Text(release.Body["name"]) == "kube-prometheus-stack")
            .HelmValues;

    private List<JsonObject> Rules() =>
        [
            .. platform
                .Shipped.Stacks[s_platform.System.Name.Text]
                .Manifests.Where(one => Text(one["kind"]) == "PrometheusRule")
                .SelectMany(one => one["spec"]!["groups"]!.AsArray())
                .SelectMany(group => group!["rules"]!.AsArray())
                .Select(rule => rule!.AsObject())
                .Where(rule =>
                    rule["annotations"]?["runbook_url"] is { } url
                    && Text(url).Contains($"/{AccessAlerts.Runbook}.md#", StringComparison.Ordinal)
                ),
        ];

    private static IEnumerable<string> PolicyNames(string expression) =>
        Policies().Matches(expression).SelectMany(match => match.Groups[1].Value.Split('|'));

    private static bool Matches(JsonNode route, string alert) =>
        route["matchers"]!
            .AsArray()
            .Select(matcher => AlertNames().Match(Text(matcher)))
            .Any(names => names.Success && names.Groups[1].Value.Split('|').Contains(alert));

    private static int Seconds(JsonNode? duration)
    {
        var text = Text(duration);
        var number = int.Parse(text[..^1], CultureInfo.InvariantCulture);
        return text[^1] switch
        {
            's' => number,
            'm' => number * 60,
            _ => throw new FormatException(text),
        };
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    [GeneratedRegex("^alertname=~\"(.+)\"$")]
    private static partial Regex AlertNames();

    [GeneratedRegex("policy=~\"([^\"]+)\"")]
    private static partial Regex Policies();

    [GeneratedRegex(@"\b((?:apiserver|authorization|kube)_[a-z_]+)\b")]
    private static partial Regex Metric();
}
