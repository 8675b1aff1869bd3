using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>
/// Alertmanager's configuration: the alerts of an environment go to the channels of its inventory, by the labels
/// <c>environment</c> and <c>severity</c>. An alert without a route goes to the platform's channel. No receiver is empty.
/// </summary>
public static class AlertRouting
{
    /// <summary>The severity of <see cref="PrometheusRules.Watchdog"/>, the alert that always fires.</summary>
    public const string NoSeverity = "none";

    /// <summary>The directory where the operator mounts Secrets (prometheus-operator: alertmanagerSpec.secrets).</summary>
    private const string SecretsDirectory = "/etc/alertmanager/secrets";

    /// <summary>The label value of a severity.</summary>
    public static string Label(Severity severity) => severity.ToString().ToLowerInvariant();

    /// <summary>The receiver that posts to a channel: the channel without its '#'.</summary>
    public static string Receiver(string channel) => channel.TrimStart('#');

    /// <summary>The file that holds the chat webhook, mounted from the Secret <paramref name="secret"/>.</summary>
    public static string WebhookFile(string secret) => $"{SecretsDirectory}/{secret}/slack-webhook-url";

    /// <summary>The configuration.</summary>
    /// <param name="platform">The inventory.</param>
    /// <param name="secret">The mounted Secret with the chat webhook.</param>
    public static JsonObject Config(PlatformSpec platform, string secret) =>
        new()
        {
            ["global"] = new JsonObject { ["resolve_timeout"] = "5m" },
            ["route"] = new JsonObject
            {
                ["receiver"] = Receiver(platform.Contacts.Channel),
                ["group_by"] = Strings("environment", "namespace", "alertname"),
                ["group_wait"] = "30s",
                ["group_interval"] = "5m",
                ["repeat_interval"] = "4h",
                ["routes"] = new JsonArray([
                    WatchdogRoute(platform),
                    AccessRoute(platform),
                    .. platform.Environments.Select(EnvironmentRoute),
                ]),
            },
            // The critical alert of a name contains the information of the warning.
            ["inhibit_rules"] = new JsonArray(
                new JsonObject
                {
                    ["source_matchers"] = Strings(Matcher("severity", Label(Severity.Critical))),
                    ["target_matchers"] = Strings(Matcher("severity", Label(Severity.Warning))),
                    ["equal"] = Strings("environment", "namespace", "alertname"),
                }
            ),
            ["receivers"] = new JsonArray([.. Channels(platform).Select(channel => SlackReceiver(channel, secret))]),
            ["templates"] = new JsonArray(),
        };

    /// <summary>The channels of the platform and of all environments, each once.</summary>
    private static IEnumerable<string> Channels(PlatformSpec platform) =>
        platform
            .Environments.SelectMany(environment => environment.AlertRoutes.Select(route => route.Channel))
            .Append(platform.Contacts.Channel)
            .Distinct()
            .Order(StringComparer.Ordinal);

    /// <summary>A daily notification: a day without it means that alerts do not arrive.</summary>
    private static JsonObject WatchdogRoute(PlatformSpec platform) =>
        new()
        {
            ["receiver"] = Receiver(platform.Contacts.Channel),
            ["matchers"] = Strings(Matcher("alertname", PrometheusRules.Watchdog)),
            ["repeat_interval"] = "24h",
        };

    /// <summary>
    /// Alerts about access go to the platform's channel, whatever their severity, and to the routes of the system environment.
    /// Each policy is a group of its own, and an open group waits one minute instead of five: the notification arrives within
    /// five minutes of the event.
    /// </summary>
    private static JsonObject AccessRoute(PlatformSpec platform) =>
        new()
        {
            ["receiver"] = Receiver(platform.Contacts.Channel),
            ["matchers"] = Strings($"alertname=~\"{string.Join('|', AccessAlerts.For(platform).Select(alert => alert.Name))}\""),
            ["group_by"] = Strings("alertname", "namespace", "policy", "resource"),
            ["group_wait"] = "10s",
            ["group_interval"] = "1m",
            ["routes"] = new JsonArray([
                new JsonObject { ["receiver"] = Receiver(platform.Contacts.Channel), ["continue"] = true },
                .. platform.System.AlertRoutes.Where(route => route.Channel != platform.Contacts.Channel).Select(ChannelRoute),
            ]),
        };

    private static JsonObject EnvironmentRoute(EnvironmentSpec environment) =>
        new()
        {
            ["matchers"] = Strings(Matcher("environment", environment.Name.Text)),
            // All routes of the environment with a severity get its alerts, not only the first.
            ["routes"] = new JsonArray([.. environment.AlertRoutes.Select(ChannelRoute)]),
        };

    private static JsonObject ChannelRoute(AlertRoute route) =>
        new()
        {
            ["receiver"] = Receiver(route.Channel),
            ["matchers"] = Strings($"severity=~\"{string.Join('|', route.Severities.Select(Label))}\""),
            ["continue"] = true,
        };

    /// <summary>
    /// Posts to a channel. Slack uses <c>channel</c> only for a legacy "Incoming WebHooks" integration or a compatible server;
    /// the webhook of a Slack app always posts to its own channel. Therefore the title contains the environment.
    /// </summary>
    private static JsonObject SlackReceiver(string channel, string secret) =>
        new()
        {
            ["name"] = Receiver(channel),
            ["slack_configs"] = new JsonArray(
                new JsonObject
                {
                    ["api_url_file"] = WebhookFile(secret),
                    ["channel"] = channel,
                    ["send_resolved"] = true,
                    ["title"] =
                        "[{{ .Status | toUpper }}] {{ .CommonLabels.environment }} {{ .CommonLabels.severity }}: "
                        + "{{ .CommonLabels.alertname }}",
                    ["text"] =
                        "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\n"
                        + "Runbook: {{ .Annotations.runbook_url }}\n{{ end }}",
                }
            ),
        };

    private static string Matcher(string label, string value) => $"{label}=\"{value}\"";

    private static JsonArray Strings(params IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];
}
