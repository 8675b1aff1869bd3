using static System.FormattableString;
using static InfraCdktf.Environments.Checks.Quoting;
using Catalogue = InfraCdktf.Environments.Problems;

namespace InfraCdktf.Environments.Checks;

/// <summary>
/// Overrides: that each says who, why, what, how long, and was approved. Whether one has expired is asked by
/// <see cref="OverrideReview"/>, which is given the day.
/// </summary>
internal static class OverrideCheck
{
    public static IEnumerable<Problem> Problems(Platform platform) =>
        platform.Overrides.SelectMany(one =>
            (Problem[])
                [
                    .. Approval(platform, one, Place.Of(one)),
                    .. Dates(one, Place.Of(one)),
                    .. Opens(platform, one.Opens, $"{Place.Of(one)}.opens"),
                ]
        );

    private static IEnumerable<Problem> Approval(Platform platform, NetworkOverride one, string place)
    {
        var approvers = one
            .Approvers.Select(name => name.Trim())
            .Where(name => name.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (approvers.Contains(one.RequestedBy.Trim(), StringComparer.OrdinalIgnoreCase))
            yield return Catalogue.OwnApproval.At($"{place}.approvers", Quote(one.RequestedBy));
        if (approvers.Count == 0)
            yield return Catalogue.NotApproved.At($"{place}.approvers", "none");
        else if (approvers.Count == 1 && one.Opens is Opening.Pods pods && AreApart(platform, pods))
            yield return Catalogue.TwoApprovers.At($"{place}.approvers", Quote(approvers[0]));
    }

    private static IEnumerable<Problem> Dates(NetworkOverride one, string place)
    {
        var days = one.Expires.DayNumber - one.Opened.DayNumber;
        var given = Invariant($"{one.Opened:yyyy-MM-dd} to {one.Expires:yyyy-MM-dd}");
        if (days < 0)
            yield return Catalogue.OverrideDates.At($"{place}.expires", given);
        if (days > NetworkOverride.MostDays)
            yield return Catalogue.OverrideTooLong.At($"{place}.expires", Invariant($"{given}, {days} days"));
    }

    private static IEnumerable<Problem> Opens(Platform platform, Opening opening, string place) =>
        opening switch
        {
            Opening.Pods pods =>
            [
                .. End(platform, pods.From, $"{place}.from"),
                .. End(platform, pods.To, $"{place}.to"),
                .. pods.From.Namespace == pods.To.Namespace
                    ? [Catalogue.OverrideInside.At($"{place}.to.namespace", Quote(pods.To.Namespace))]
                    : Array.Empty<Problem>(),
                .. SegmentCheck.Ports(pods.Ports, $"{place}.ports"),
            ],
            Opening.Outside outside =>
            [
                .. End(platform, outside.From, $"{place}.from"),
                .. SegmentCheck.PublicRange(outside.To, $"{place}.to"),
                .. SegmentCheck.Ports(outside.Ports, $"{place}.ports"),
            ],
            Opening.Nodes nodes =>
            [
                .. SegmentCheck.Range(nodes.From, $"{place}.from"),
                .. SegmentCheck.Ports(nodes.Ports, $"{place}.ports"),
                .. nodes.Ports.Select(ports => ports.Protocol).Distinct().Count() > 1
                    ? [Catalogue.InvalidPorts.At($"{place}.ports", "TCP and UDP", "one protocol a firewall rule")]
                    : Array.Empty<Problem>(),
            ],
            Opening.ControlPlane plane => SegmentCheck.Range(plane.From, $"{place}.from"),
            _ => throw new ArgumentOutOfRangeException(nameof(opening), opening, "Unknown kind of opening."),
        };

    private static IEnumerable<Problem> End(Platform platform, OverrideEnd end, string place)
    {
        if (EnvironmentOf(platform, end) is null)
            yield return Catalogue.UnknownNamespace.At(
                $"{place}.namespace",
                Quote(end.Namespace),
                string.Join(", ", platform.Environments.SelectMany(environment => environment.Namespaces))
            );
        if (
            end.Pods.Count == 0
            || end.Pods.Any(label => !KubernetesLabel.IsKey(label.Key) || !KubernetesLabel.IsValue(label.Value))
        )
            yield return Catalogue.OverridePods.At(
                $"{place}.pods",
                end.Pods.Count == 0 ? "none" : Quote(string.Join(", ", end.Pods.Select(label => $"{label.Key}={label.Value}")))
            );
    }

    private static bool AreApart(Platform platform, Opening.Pods pods) =>
        EnvironmentOf(platform, pods.From) != EnvironmentOf(platform, pods.To);

    private static Environment? EnvironmentOf(Platform platform, OverrideEnd end) =>
        platform.Environments.FirstOrDefault(environment => environment.Namespaces.Contains(end.Namespace));
}
