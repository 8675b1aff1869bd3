using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>
/// Overrides: that each says who, why, what, how long, and was approved. Whether one has expired is asked by
/// <see cref="OverrideReview"/>, which is given the day.
/// </summary>
internal static class OverrideCheck
{
    public static IEnumerable<Problem> Problems(PlatformSpec platform) =>
        platform.Overrides.SelectMany(one =>
            (Problem[])
                [
                    .. Approval(platform, one, InventoryPath.Of(one)),
                    .. Dates(one, InventoryPath.Of(one)),
                    .. Opens(platform, one.Scope, $"{InventoryPath.Of(one)}.opens"),
                ]
        );

    private static IEnumerable<Problem> Approval(PlatformSpec platform, NetworkOverride one, string place)
    {
        var approvers = one
            .Approvers.Select(name => name.Trim())
            .Where(name => name.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (approvers.Contains(one.RequestedBy.Trim(), StringComparer.OrdinalIgnoreCase))
            yield return ProblemCatalog.OwnApproval.At($"{place}.approvers", Quote(one.RequestedBy));
        if (approvers.Count == 0)
            yield return ProblemCatalog.NotApproved.At($"{place}.approvers", "none");
        else if (approvers.Count == 1 && one.Scope is OverrideScope.Pods pods && AreApart(platform, pods))
            yield return ProblemCatalog.TwoApprovers.At($"{place}.approvers", Quote(approvers[0]));
    }

    private static IEnumerable<Problem> Dates(NetworkOverride one, string place)
    {
        var days = one.Expires.DayNumber - one.Opened.DayNumber;
        var given = Invariant($"{one.Opened:yyyy-MM-dd} to {one.Expires:yyyy-MM-dd}");
        if (days < 0)
            yield return ProblemCatalog.OverrideDates.At($"{place}.expires", given);
        if (days > NetworkOverride.MostDays)
            yield return ProblemCatalog.OverrideTooLong.At($"{place}.expires", Invariant($"{given}, {days} days"));
    }

    private static IEnumerable<Problem> Opens(PlatformSpec platform, OverrideScope opening, string place) =>
        opening switch
        {
            OverrideScope.Pods pods =>
            [
                .. End(platform, pods.From, $"{place}.from"),
                .. End(platform, pods.To, $"{place}.to"),
                .. pods.From.Namespace == pods.To.Namespace
                    ? [ProblemCatalog.OverrideInside.At($"{place}.to.namespace", Quote(pods.To.Namespace))]
                    : Array.Empty<Problem>(),
                .. SegmentCheck.Ports(pods.Ports, $"{place}.ports"),
            ],
            OverrideScope.Outside outside =>
            [
                .. End(platform, outside.From, $"{place}.from"),
                .. SegmentCheck.PublicRange(outside.To, $"{place}.to"),
                .. SegmentCheck.Ports(outside.Ports, $"{place}.ports"),
            ],
            OverrideScope.Nodes nodes =>
            [
                .. SegmentCheck.Range(nodes.From, $"{place}.from"),
                .. SegmentCheck.Ports(nodes.Ports, $"{place}.ports"),
                .. nodes.Ports.Select(ports => ports.Protocol).Distinct().Count() > 1
                    ? [ProblemCatalog.InvalidPorts.At($"{place}.ports", "TCP and UDP", "one protocol a firewall rule")]
                    : Array.Empty<Problem>(),
            ],
            OverrideScope.ControlPlane plane => SegmentCheck.Range(plane.From, $"{place}.from"),
            _ => throw new ArgumentOutOfRangeException(nameof(opening), opening, "Unknown kind of opening."),
        };

    private static IEnumerable<Problem> End(PlatformSpec platform, OverridePods end, string place)
    {
        if (EnvironmentOf(platform, end) is null)
            yield return ProblemCatalog.UnknownNamespace.At(
                $"{place}.namespace",
                Quote(end.Namespace),
                string.Join(", ", platform.Environments.SelectMany(environment => environment.Namespaces))
            );
        if (
            end.Pods.Count == 0
            || end.Pods.Any(label => !KubernetesLabel.IsKey(label.Key) || !KubernetesLabel.IsValue(label.Value))
        )
            yield return ProblemCatalog.OverridePods.At(
                $"{place}.pods",
                end.Pods.Count == 0 ? "none" : Quote(string.Join(", ", end.Pods.Select(label => $"{label.Key}={label.Value}")))
            );
    }

    private static bool AreApart(PlatformSpec platform, OverrideScope.Pods pods) =>
        EnvironmentOf(platform, pods.From) != EnvironmentOf(platform, pods.To);

    private static EnvironmentSpec? EnvironmentOf(PlatformSpec platform, OverridePods end) =>
        platform.Environments.FirstOrDefault(environment => environment.Namespaces.Contains(end.Namespace));
}
