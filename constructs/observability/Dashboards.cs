using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Observability;

/// <summary>
/// Dashboards as code. A panel shows a recorded signal (<see cref="Signals"/>) against the limit of its alert: it is red while
/// the alert's expression is true.
/// </summary>
public static class Dashboards
{
    private const int FullWidth = 24;

    /// <summary>Readable in a diff: only the characters that JSON requires are escaped.</summary>
    private static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The overview of an environment as a dashboard of its bundle.</summary>
    public static Dashboard OverviewOf(PlatformSpec platform, EnvironmentSpec environment) =>
        new("overview", $"{environment.Name}-overview.json", Overview(platform, environment));

    /// <summary>The text that goes into the ConfigMap: same dashboard, same bytes.</summary>
    public static string Text(JsonObject dashboard) => dashboard.ToJsonString(_readable).ReplaceLineEndings("\n");

    /// <summary>
    /// The overview of an environment: CPU, memory, pods, ingress latency, request success. Tagged with the names of the
    /// environment and the project; refreshed every 30 seconds.
    /// </summary>
    public static JsonObject Overview(PlatformSpec platform, EnvironmentSpec environment)
    {
        var signals = Signals.Of(environment);
        var limits = environment.Thresholds;
        var success = Signals.Number(limits.RequestSuccess);
        return new()
        {
            ["uid"] = ResourceNames.Of(platform).Dashboard(environment),
            ["title"] = $"{environment.Name}: overview",
            ["description"] = environment.Purpose,
            ["tags"] = new JsonArray(environment.Name.Text, platform.Project),
            ["schemaVersion"] = 41,
            ["editable"] = false,
            ["graphTooltip"] = 1,
            ["timezone"] = "utc",
            ["refresh"] = "30s",
            ["time"] = new JsonObject { ["from"] = "now-6h", ["to"] = "now" },
            ["templating"] = new JsonObject { ["list"] = new JsonArray() },
            ["annotations"] = new JsonObject { ["list"] = new JsonArray() },
            ["panels"] = Placed(
                new Panel("stat", "CPU of quota", $"max({signals.CpuShare.Query})", "percentunit") { Above = limits.CpuShare },
                new Panel("stat", "Memory of quota", $"max({signals.MemoryShare.Query})", "percentunit")
                {
                    Above = limits.MemoryShare,
                },
                new Panel("stat", "Pods ready", $"min({signals.PodsReady.Query})", "percentunit") { Below = 1 },
                new Panel("stat", "Ingress latency (p99)", signals.Latency.Query, "ms")
                {
                    Above = limits.IngressLatencyMilliseconds,
                },
                new Panel("stat", "Request success", signals.RequestSuccess.Query, "percentunit")
                {
                    Below = limits.RequestSuccess,
                },
                new Panel(
                    "stat",
                    "Time within the success objective (24 h)",
                    $"avg_over_time(({signals.RequestSuccess.Query} >= bool {success})[24h:1m])",
                    "percentunit"
                )
                {
                    Below = limits.RequestSuccess,
                },
                new Panel("timeseries", "CPU of quota, by namespace", signals.CpuShare.Query, "percentunit", "{{namespace}}")
                {
                    Above = limits.CpuShare,
                },
                new Panel(
                    "timeseries",
                    "Memory of quota, by namespace",
                    signals.MemoryShare.Query,
                    "percentunit",
                    "{{namespace}}"
                )
                {
                    Above = limits.MemoryShare,
                },
                new Panel("timeseries", "Ingress latency (p99)", signals.Latency.Query, "ms", "p99")
                {
                    Above = limits.IngressLatencyMilliseconds,
                },
                new Panel("timeseries", "Request success", signals.RequestSuccess.Query, "percentunit", "success")
                {
                    Below = limits.RequestSuccess,
                },
                new Panel("timeseries", "Requests", signals.RequestRate.Query, "reqps", "requests"),
                new Panel("timeseries", "Pods ready, by namespace", signals.PodsReady.Query, "percentunit", "{{namespace}}")
                {
                    Below = 1,
                },
                new Panel("timeseries", "Crash-looping containers", signals.CrashLooping.Query, "none", "{{namespace}}")
                {
                    Above = 0,
                },
                new Panel("timeseries", "Quota requested", signals.QuotaShare.Query, "percentunit", "{{namespace}} {{resource}}")
                {
                    Above = OverviewAlerts.QuotaNearlyGone,
                },
                new Panel(
                    "table",
                    "Firing alerts",
                    $$"""ALERTS{environment="{{environment.Name}}", alertstate="firing", severity!="none"}""",
                    "none"
                )
            ),
        };
    }

    /// <summary>Six numbers per row, two graphs per row, one table per row. Ids and positions follow from the order.</summary>
    private static JsonArray Placed(params IReadOnlyList<Panel> panels)
    {
        var placed = new JsonArray();
        int x = 0,
            y = 0,
            rowHeight = 0;
        foreach (var panel in panels)
        {
            if (x + panel.Width > FullWidth)
                (x, y) = (0, y + rowHeight);
            rowHeight = panel.Height;
            placed.Add(panel.Json(placed.Count + 1, x, y));
            x += panel.Width;
        }
        return placed;
    }

    private sealed record Panel(string Type, string Title, string Expression, string Unit, string Legend = "")
    {
        /// <summary>Red above this value.</summary>
        public decimal? Above { get; init; }

        /// <summary>Red below this value.</summary>
        public decimal? Below { get; init; }

        public int Width =>
            Type switch
            {
                "stat" => 4,
                "timeseries" => 12,
                _ => FullWidth,
            };

        public int Height => Type == "stat" ? 4 : 8;

        public JsonObject Json(int id, int x, int y) =>
            new()
            {
                ["id"] = id,
                ["type"] = Type,
                ["title"] = Title,
                ["datasource"] = DataSource(),
                ["gridPos"] = new JsonObject
                {
                    ["h"] = Height,
                    ["w"] = Width,
                    ["x"] = x,
                    ["y"] = y,
                },
                ["targets"] = new JsonArray(
                    new JsonObject
                    {
                        ["refId"] = "A",
                        ["datasource"] = DataSource(),
                        ["expr"] = Expression,
                        ["legendFormat"] = Legend,
                        ["instant"] = Type == "table",
                        ["range"] = Type != "table",
                        ["format"] = Type == "table" ? "table" : "time_series",
                    }
                ),
                ["fieldConfig"] = new JsonObject
                {
                    ["defaults"] = new JsonObject
                    {
                        ["unit"] = Unit,
                        ["color"] = new JsonObject { ["mode"] = Type == "timeseries" ? "palette-classic" : "thresholds" },
                        ["custom"] =
                            Type == "timeseries"
                                ? new JsonObject { ["thresholdsStyle"] = new JsonObject { ["mode"] = "line" } }
                                : new JsonObject(),
                        ["thresholds"] = new JsonObject { ["mode"] = "absolute", ["steps"] = Steps() },
                    },
                    ["overrides"] = new JsonArray(),
                },
                ["options"] =
                    Type == "stat" ? new JsonObject { ["colorMode"] = "background", ["graphMode"] = "area" } : new JsonObject(),
            };

        private static JsonObject DataSource() => new() { ["type"] = "prometheus", ["uid"] = "prometheus" };

        /// <summary>The first step has no value: it has no lower limit (Grafana's model).</summary>
        private JsonArray Steps() =>
            (Above, Below) switch
            {
                ({ } above, _) => [Step("green", null), Step("red", above)],
                (_, { } below) => [Step("red", null), Step("green", below)],
                _ => [Step("green", null)],
            };

        private static JsonObject Step(string color, decimal? from) => new() { ["color"] = color, ["value"] = from };
    }
}
