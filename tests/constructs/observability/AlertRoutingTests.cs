using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Constructs.Services;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Observability;

/// <summary>Every alert has a receiver. The configuration is taken from the Helm values; amtool evaluates its routes.</summary>
public sealed class AlertRoutingTests
{
    private static readonly PlatformSpec s_platform = Inventory.Platform;

    /// <summary>Environment, severity, and their receivers in the order of the inventory.</summary>
    public static TheoryData<string, string, string> Routes
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var environment in s_platform.Environments)
            foreach (var severity in Enum.GetValues<Severity>())
            {
                var channels = environment
                    .AlertRoutes.Where(route => route.Severities.Contains(severity))
                    .Select(route => route.Channel[1..]);
                data.Add(environment.Name.Text, AlertRouting.Label(severity), string.Join(',', channels));
            }
            return data;
        }
    }

    public static TheoryData<string[]> Unrouted =>
        [
            new[] { "alertname=Watchdog", "severity=none", "environment=system" },
            new[] { "alertname=Unlabelled" },
            new[] { "alertname=FromElsewhere", "environment=unknown", "severity=critical" },
            new[] { "alertname=OfTheChart", "environment=system", "severity=info" },
        ];

    [Fact]
    [Trait("Level", "pure")]
    public void Receivers_are_not_empty_and_routes_name_existing_ones()
    {
        var config = Config(s_platform);
        var receivers = config["receivers"]!.AsArray().Select(receiver => receiver!.AsObject()).ToList();
        Assert.All(receivers, receiver => Assert.NotEmpty(receiver["slack_configs"]!.AsArray()));
        var names = receivers.Select(receiver => receiver["name"]!.GetValue<string>()).ToList();
        Assert.DoesNotContain("null", names);
        Assert.Equal(names.Distinct(), names);
        Assert.All(Receivers(config["route"]!), name => Assert.Contains(name, names));
    }

    [Fact]
    [Trait("Level", "pure")]
    public void Receivers_cover_every_channel_of_the_inventory()
    {
        var channels = s_platform
            .Environments.SelectMany(environment => environment.AlertRoutes)
            .Select(route => route.Channel)
            .Append(s_platform.Contacts.Channel)
            .Distinct();
        var posted = Config(s_platform)["receivers"]!
            .AsArray()
            .Select(receiver => receiver!["slack_configs"]![0]!["channel"]!.GetValue<string>());
        Assert.Equal(channels.Order(), posted.Order());
    }

    [Fact]
    [Trait("Level", "real")]
    public void Alertmanager_accepts_the_synthesized_configuration()
    {
        using var directory = new TemporaryDirectory();
        var result = Amtool("check-config", Written(directory, s_platform));
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Theory]
    [MemberData(nameof(Routes))]
    [Trait("Level", "real")]
    public void Alert_goes_to_the_receivers_of_the_inventory(string environment, string severity, string receivers) =>
        Assert.Equal(
            receivers,
            ReceiversOf(s_platform, $"environment={environment}", $"severity={severity}", "alertname=PodsNotReady")
        );

    [Theory]
    [MemberData(nameof(Unrouted))]
    [Trait("Level", "real")]
    public void Alert_without_a_route_goes_to_the_platform_channel(string[] labels) =>
        Assert.Equal(s_platform.Contacts.Channel[1..], ReceiversOf(s_platform, labels));

    [Fact]
    [Trait("Level", "real")]
    public void Alert_with_two_matching_routes_goes_to_both()
    {
        var staging = s_platform.Applications.Single(environment => environment.Name.Text == "staging");
        var two = staging with { AlertRoutes = [.. staging.AlertRoutes, new("#release-managers", [Severity.Critical])] };
        var platform = s_platform with { Applications = [two] };
        Assert.Equal("platform-staging,release-managers", ReceiversOf(platform, "environment=staging", "severity=critical"));
        Assert.Equal("platform-staging", ReceiversOf(platform, "environment=staging", "severity=warning"));
    }

    [Theory]
    [InlineData("critical", "platform,platform-oncall")]
    [InlineData("warning", "platform")]
    [Trait("Level", "real")]
    public void Access_alert_goes_to_platform_and_system_receivers(string severity, string receivers) =>
        Assert.All(
            AccessAlerts.For(s_platform).Where(alert => alert.Severity == severity),
            alert =>
                Assert.Equal(
                    receivers,
                    ReceiversOf(s_platform, $"alertname={alert.Name}", "environment=system", $"severity={severity}")
                )
        );

    private static JsonObject Config(PlatformSpec platform) =>
        SharedServicesTests.Values(platform, "kube-prometheus-stack")["alertmanager"]!["config"]!.AsObject();

    private static IEnumerable<string> Receivers(JsonNode route) =>
        (route["routes"]?.AsArray() ?? [])
            .SelectMany(child => Receivers(child!))
            .Concat(route["receiver"] is { } receiver ? [receiver.GetValue<string>()] : []);

    private static string ReceiversOf(PlatformSpec platform, params IEnumerable<string> labels)
    {
        using var directory = new TemporaryDirectory();
        var result = Amtool(["config", "routes", "test", $"--config.file={Written(directory, platform)}", .. labels]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output.Trim();
    }

    private static string Written(TemporaryDirectory directory, PlatformSpec platform) =>
        directory.Write("alertmanager.json", Config(platform).ToJsonString());

    private static ToolResult Amtool(params IEnumerable<string> arguments)
    {
        DebianTools.Require("amtool", "prometheus-alertmanager");
        return DebianTools.Run("amtool", arguments);
    }
}
