using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Pipeline.Rollback;

/// <summary>
/// What recorded overrides opened when a version was applied, and nobody may open today. A policy says itself when it ends; a rule of the nodes' firewall has its name
/// only, so its record must be in force today. An entry of the control plane's list says nothing: the plan shows it.
/// </summary>
public static class ClosedOverrides
{
    /// <summary>The names of what a configuration would open.</summary>
    /// <param name="configuration">A stack.</param>
    /// <param name="platform">Today's records.</param>
    /// <param name="day">Today (UTC).</param>
    public static IReadOnlyList<string> In(JsonObject configuration, PlatformSpec platform, DateOnly day)
    {
        var inForce = platform
            .Overrides.Where(one => one.On(day) is OverridePhase.InForce or OverridePhase.Ending)
            .Select(ResourceNames.Override)
            .ToHashSet(StringComparer.Ordinal);
        var policies =
            from policy in Resources(configuration, "kubernetes_network_policy_v1")
            let metadata = policy["metadata"]!
            let expires = metadata["annotations"]?[NetworkOverride.ExpiresAnnotation]?.GetValue<string>()
            where expires is not null && DateOnly.Parse(expires, CultureInfo.InvariantCulture) < day
            select $"policy {metadata["name"]} (until {expires})";
        var rules =
            from firewall in Resources(configuration, "linode_firewall")
            from rule in firewall["inbound"]?.AsArray() ?? []
            let label = rule["label"]!.GetValue<string>()
            where label.StartsWith(ResourceNames.OverridePrefix, StringComparison.Ordinal) && !inForce.Contains(label)
            select $"firewall rule {label}";
        return [.. policies, .. rules];
    }

    private static IEnumerable<JsonNode> Resources(JsonObject configuration, string type) =>
        (configuration["resource"]?[type]?.AsObject() ?? []).Select(resource => resource.Value!);
}
