using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>
/// Overrides: approval, dates and scope of each record. <see cref="OverrideReview"/> checks whether an override has expired,
/// because it needs the current day.
/// </summary>
internal static class OverrideCheck
{
    /// <summary>The rules of a firewall, inbound and outbound (Linode's documentation, Cloud Firewall limits).</summary>
    private const int MostRules = 25;

    /// <summary>The ports of a rule, where a range counts as two (the same page).</summary>
    private const int MostPorts = 15;

    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory, int firewallRules) =>
        [
            .. inventory
                .Overrides()
                .SelectMany(one =>
                    (IEnumerable<Problem>)
                        [
                            .. Approval(one, inventory.Value),
                            .. Dates(one),
                            .. Scope(one.Of(record => record.Scope), inventory.Value),
                        ]
                ),
            .. Rules(inventory, firewallRules),
        ];

    private static IEnumerable<Problem> Rules(InventoryValue<PlatformSpec> inventory, int others)
    {
        var count = inventory.Value.Overrides.Count(one => one.Scope is OverrideScope.Nodes);
        if (count > 0 && count + others > MostRules)
            yield return ProblemCatalog.FirewallRules.At(
                inventory.Of(platform => platform.Overrides).Path,
                Invariant($"{count} of overrides, {others} of the platform")
            );
    }

    private static IEnumerable<Problem> Approval(InventoryValue<NetworkOverride> one, PlatformSpec platform)
    {
        var path = one.Of(record => record.Approvers).Path;
        var requester = one.Value.RequestedBy;
        var approvers = one
            .Value.Approvers.Select(name => name.Trim())
            .Where(name => name.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (approvers.Contains(requester.Trim(), StringComparer.OrdinalIgnoreCase))
            yield return ProblemCatalog.OwnApproval.At(path, Quote(requester));
        if (approvers.Count == 0)
            yield return ProblemCatalog.NotApproved.At(path, "none");
        else if (approvers.Count == 1 && one.Value.Scope is OverrideScope.Pods pods && IsBetweenEnvironments(platform, pods))
            yield return ProblemCatalog.TwoApprovers.At(path, Quote(approvers[0]));
    }

    private static IEnumerable<Problem> Dates(InventoryValue<NetworkOverride> one)
    {
        var expires = one.Of(record => record.Expires);
        var days = expires.Value.DayNumber - one.Value.Opened.DayNumber;
        var given = Invariant($"{one.Value.Opened:yyyy-MM-dd} to {expires.Value:yyyy-MM-dd}");
        if (days < 0)
            yield return ProblemCatalog.OverrideDates.At(expires.Path, given);
        if (days > NetworkOverride.MostDays)
            yield return ProblemCatalog.OverrideTooLong.At(expires.Path, Invariant($"{given}, {days} days"));
    }

    private static IEnumerable<Problem> Scope(InventoryValue<OverrideScope> scope, PlatformSpec platform) =>
        scope.Value switch
        {
            OverrideScope.Pods => BetweenPods(scope.As<OverrideScope.Pods>(), platform),
            OverrideScope.Outside => ToOutside(scope.As<OverrideScope.Outside>(), platform),
            OverrideScope.Nodes => ToNodes(scope.As<OverrideScope.Nodes>()),
            OverrideScope.ControlPlane => SegmentCheck.Range(scope.As<OverrideScope.ControlPlane>().Of(plane => plane.From)),
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Unknown scope of an override."),
        };

    private static IEnumerable<Problem> BetweenPods(InventoryValue<OverrideScope.Pods> pods, PlatformSpec platform) =>
        [
            .. End(pods.Of(one => one.From), platform),
            .. End(pods.Of(one => one.To), platform),
            .. pods.Value.From.Namespace == pods.Value.To.Namespace
                ? [ProblemCatalog.OverrideInside.At(pods.Of(one => one.To.Namespace).Path, Quote(pods.Value.To.Namespace))]
                : Array.Empty<Problem>(),
            .. SegmentCheck.Ports(pods.Of(one => one.Ports)),
        ];

    private static IEnumerable<Problem> ToOutside(InventoryValue<OverrideScope.Outside> outside, PlatformSpec platform) =>
        [
            .. End(outside.Of(one => one.From), platform),
            .. SegmentCheck.PublicRange(outside.Of(one => one.To)),
            .. SegmentCheck.Ports(outside.Of(one => one.Ports)),
        ];

    private static IEnumerable<Problem> ToNodes(InventoryValue<OverrideScope.Nodes> nodes)
    {
        var ports = nodes.Of(one => one.Ports);
        return
        [
            .. SegmentCheck.Range(nodes.Of(one => one.From)),
            .. SegmentCheck.Ports(ports),
            .. ports.Value.Sum(range => range.Last is null ? 1 : 2) is var count and > MostPorts
                ? [ProblemCatalog.FirewallPorts.At(ports.Path, Invariant($"{count}"))]
                : Array.Empty<Problem>(),
            .. ports.Value.Select(range => range.Protocol).Distinct().Count() > 1
                ? [ProblemCatalog.InvalidPorts.At(ports.Path, "TCP and UDP", "one protocol for each firewall rule")]
                : Array.Empty<Problem>(),
        ];
    }

    private static IEnumerable<Problem> End(InventoryValue<OverridePods> end, PlatformSpec platform)
    {
        if (EnvironmentOf(platform, end.Value) is null)
            yield return ProblemCatalog.UnknownNamespace.At(
                end.Of(pods => pods.Namespace).Path,
                Quote(end.Value.Namespace),
                string.Join(", ", platform.Environments.SelectMany(environment => environment.Namespaces))
            );
        var labels = end.Of(pods => pods.Pods);
        if (
            labels.Value.Count == 0
            || labels.Value.Any(label => !KubernetesLabel.IsKey(label.Key) || !KubernetesLabel.IsValue(label.Value))
        )
            yield return ProblemCatalog.OverridePods.At(
                labels.Path,
                labels.Value.Count == 0
                    ? "none"
                    : Quote(string.Join(", ", labels.Value.Select(label => $"{label.Key}={label.Value}")))
            );
    }

    private static bool IsBetweenEnvironments(PlatformSpec platform, OverrideScope.Pods pods) =>
        EnvironmentOf(platform, pods.From) != EnvironmentOf(platform, pods.To);

    private static EnvironmentSpec? EnvironmentOf(PlatformSpec platform, OverridePods end) =>
        platform.Environments.FirstOrDefault(environment => environment.Namespaces.Contains(end.Namespace));
}
