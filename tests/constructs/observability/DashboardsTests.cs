using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Constructs.Observability;

/// <summary>Dashboards: their panels and limits, and the format that Grafana accepts (NFR-005, SC-006).</summary>
[Trait("Level", "pure")]
public sealed class DashboardsTests
{
    private static readonly PlatformSpec s_platform = Inventory.Platform;

    public static TheoryData<string> Names => [.. s_platform.Environments.Select(environment => environment.Name.Text)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Overview_is_tagged_refreshed_and_read_only(string name)
    {
        var dashboard = Overview(name);
        Assert.Equal([name, s_platform.Project], dashboard["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()));
        var refresh = dashboard["refresh"]!.GetValue<string>();
        Assert.EndsWith("s", refresh);
        Assert.InRange(int.Parse(refresh[..^1], CultureInfo.InvariantCulture), 5, 60);
        Assert.False(dashboard["editable"]!.GetValue<bool>());
        // Grafana's limits for a uid.
        Assert.Matches("^[a-z0-9-]{1,40}$", dashboard["uid"]!.GetValue<string>());
    }

    [Fact]
    public void Overviews_have_distinct_uids_and_titles()
    {
        var all = s_platform.Environments.Select(environment => Overview(environment.Name.Text)).ToList();
        Assert.Equal(all.Count, all.Select(dashboard => dashboard["uid"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(all.Count, all.Select(dashboard => dashboard["title"]!.GetValue<string>()).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Overview_shows_every_signal_and_has_no_other_query(string name)
    {
        var signals = Signals.Of(Environment(name)).All;
        var queries = Panels(name).Select(Query).ToList();
        Assert.All(signals, signal => Assert.Contains(queries, query => query.Contains(signal.Query, StringComparison.Ordinal)));
        Assert.All(
            queries,
            query =>
                Assert.True(
                    signals.Any(signal => query.Contains(signal.Query, StringComparison.Ordinal))
                        || query.StartsWith($"ALERTS{{environment=\"{name}\"", StringComparison.Ordinal),
                    query
                )
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Panel_turns_red_at_the_limit_of_its_alert(string name)
    {
        var limits = Environment(name).Thresholds;
        Assert.Equal(("green", "red", limits.CpuShare), Steps(name, "CPU of quota"));
        Assert.Equal(("green", "red", limits.MemoryShare), Steps(name, "Memory of quota"));
        Assert.Equal(("red", "green", 1m), Steps(name, "Pods ready"));
        Assert.Equal(("green", "red", limits.IngressLatencyMilliseconds), Steps(name, "Ingress latency (p99)"));
        Assert.Equal(("red", "green", limits.RequestSuccess), Steps(name, "Request success"));
        Assert.Equal(("red", "green", limits.RequestSuccess), Steps(name, "Time within the success objective (24 h)"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Panels_have_distinct_ids_and_do_not_overlap(string name)
    {
        var cells = new HashSet<(int, int)>();
        var ids = new HashSet<int>();
        foreach (var panel in Panels(name))
        {
            Assert.True(ids.Add(panel["id"]!.GetValue<int>()));
            var (x, y, w, h) = (Position(panel, "x"), Position(panel, "y"), Position(panel, "w"), Position(panel, "h"));
            Assert.InRange(x + w, 1, 24);
            for (var column = x; column < x + w; column++)
            for (var row = y; row < y + h; row++)
                Assert.True(cells.Add((column, row)), $"\"{panel["title"]}\" overlaps another panel.");
        }
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public void Dashboards_and_rules_are_the_same_in_every_culture(string culture)
    {
        var before = Texts();
        var current = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new(culture);
            Assert.Equal(before, Texts());
        }
        finally
        {
            CultureInfo.CurrentCulture = current;
        }

        static string Texts() =>
            string.Concat(
                s_platform.Environments.Select(environment => Dashboards.Text(Dashboards.Overview(s_platform, environment)))
            ) + string.Concat(PrometheusRulesTests.AllRules().Select(rule => rule.ToJsonString()));
    }

    [Fact]
    public void Dashboards_contain_no_Terraform_template() =>
        Assert.All(
            s_platform.Environments,
            environment => Assert.DoesNotMatch("[$%][{]", Dashboards.Text(Dashboards.Overview(s_platform, environment)))
        );

    private static EnvironmentSpec Environment(string name) =>
        s_platform.Environments.Single(environment => environment.Name.Text == name);

    private static JsonObject Overview(string name) => Dashboards.Overview(s_platform, Environment(name));

    private static IEnumerable<JsonObject> Panels(string name) =>
        Overview(name)["panels"]!.AsArray().Select(panel => panel!.AsObject());

    private static string Query(JsonObject panel) => Assert.Single(panel["targets"]!.AsArray())!["expr"]!.GetValue<string>();

    private static int Position(JsonObject panel, string key) => panel["gridPos"]![key]!.GetValue<int>();

    private static (string First, string Second, decimal Limit) Steps(string name, string title)
    {
        var panel = Panels(name).First(panel => panel["title"]!.GetValue<string>() == title);
        var steps = panel["fieldConfig"]!["defaults"]!["thresholds"]!["steps"]!.AsArray();
        Assert.Null(steps[0]!["value"]);
        return (
            steps[0]!["color"]!.GetValue<string>(),
            steps[1]!["color"]!.GetValue<string>(),
            steps[1]!["value"]!.GetValue<decimal>()
        );
    }
}
