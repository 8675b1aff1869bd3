using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>
/// Recording rules and alerts as PrometheusRule objects. The tests check these objects with promtool and let each alert fire;
/// every alert has a section in <c>docs/runbooks</c>.
/// </summary>
public static class PrometheusRules
{
    /// <summary>The alert that always fires. Its daily notification shows that alerts arrive.</summary>
    public const string Watchdog = "Watchdog";

    /// <summary>
    /// The signals of an environment and the alerts about them, in its own namespace. One group: the rules of a group are
    /// evaluated in order, so an alert reads the signal of the same evaluation. Groups are evaluated in parallel: an alert in
    /// another group might read an older value.
    /// </summary>
    public static JsonObject Overview(PlatformSpec platform, EnvironmentSpec environment) =>
        Object(
            platform,
            environment,
            $"{environment.Name}-overview",
            [
                .. Signals
                    .Of(environment)
                    .All.Select(signal => new JsonObject
                    {
                        ["record"] = signal.Record,
                        ["expr"] = signal.Expression,
                        ["labels"] = new JsonObject { ["environment"] = signal.Environment },
                    }),
                .. OverviewAlerts.For(platform, environment).Select(alert => alert.Rule(platform)),
            ]
        );

    /// <summary>The alerts about nodes and shared services, in the system namespace.</summary>
    public static JsonObject Shared(PlatformSpec platform, IEnumerable<Alert> alerts) =>
        Object(platform, platform.System, $"{platform.System.Name}-shared", [.. alerts.Select(alert => alert.Rule(platform))]);

    /// <summary>The alerts about access and isolation, in the system namespace.</summary>
    public static JsonObject Access(PlatformSpec platform) =>
        Object(
            platform,
            platform.System,
            $"{platform.System.Name}-access",
            [.. AccessAlerts.For(platform).Select(alert => alert.Rule(platform))]
        );

    private static JsonObject Object(PlatformSpec platform, EnvironmentSpec environment, string name, JsonNode[] rules) =>
        KubernetesObject.Of(
            "monitoring.coreos.com/v1",
            "PrometheusRule",
            KubernetesObject.Metadata(platform, environment, name),
            new JsonObject { ["groups"] = new JsonArray(new JsonObject { ["name"] = name, ["rules"] = new JsonArray(rules) }) }
        );
}
