using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>
/// Recording rules and alerts as PrometheusRule objects. The very objects are checked by promtool, and each alert is fired by it, in the
/// tests; every alert has a heading in <c>docs/runbooks</c>.
/// </summary>
public static class PrometheusRules
{
    /// <summary>The alert that always fires, to prove that alerts arrive.</summary>
    public const string Watchdog = "Watchdog";

    /// <summary>
    /// The signals of an environment and the alerts about them (SC-006), in its own namespace. One group: rules of a group are evaluated in
    /// their order, so an alert reads the signal of the same moment; groups run side by side, and it might read the one before.
    /// </summary>
    public static JsonObject Overview(PlatformSpec platform, EnvironmentSpec environment) =>
        Object(
            platform,
            environment,
            $"{environment.Name}-overview",
            [
                .. Signals
                    .Of(platform, environment)
                    .All.Select(signal => new JsonObject
                    {
                        ["record"] = signal.Record,
                        ["expr"] = signal.Expression,
                        ["labels"] = new JsonObject { ["environment"] = signal.Environment },
                    }),
                .. OverviewAlerts.For(platform, environment).Select(alert => alert.Rule(platform)),
            ]
        );

    /// <summary>The alerts about what all environments stand on: nodes, shared services, monitoring itself. In the system namespace.</summary>
    public static JsonObject Shared(PlatformSpec platform) =>
        Object(
            platform,
            platform.System,
            $"{platform.System.Name}-shared",
            [.. SharedAlerts.For(platform).Select(alert => alert.Rule(platform))]
        );

    /// <summary>The alerts about who tries what, and whether the walls stand. In the system namespace.</summary>
    public static JsonObject Access(PlatformSpec platform) =>
        Object(
            platform,
            platform.System,
            $"{platform.System.Name}-access",
            [.. AccessAlerts.For(platform).Select(alert => alert.Rule(platform))]
        );

    private static JsonObject Object(PlatformSpec platform, EnvironmentSpec environment, string name, JsonNode[] rules) =>
        new()
        {
            ["apiVersion"] = "monitoring.coreos.com/v1",
            ["kind"] = "PrometheusRule",
            ["metadata"] = KubernetesObject.Of(platform, environment, name),
            ["spec"] = new JsonObject
            {
                ["groups"] = new JsonArray(new JsonObject { ["name"] = name, ["rules"] = new JsonArray(rules) }),
            },
        };
}
