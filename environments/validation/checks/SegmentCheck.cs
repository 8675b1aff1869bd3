using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>What segments are told by the inventory: outside destinations, teams that keep to themselves, the ports that are scraped.</summary>
internal static class SegmentCheck
{
    /// <summary>What is private or the cluster's own: a way there could be a way into another environment.</summary>
    private static readonly Cidr[] NotPublic =
    [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
    ];

    public static IEnumerable<Problem> Problems(PlatformSpec platform) =>
        [
            .. platform.MetricsPorts.Count == 0 || platform.MetricsPorts.Any(port => !IsPort(port))
                ? [ProblemCatalog.InvalidPorts.At("metricsPorts", Quote(string.Join(", ", platform.MetricsPorts)))]
                : Array.Empty<Problem>(),
            .. InventoryPath.Applications(platform).SelectMany(part => Environment(part.Environment, part.Place)),
        ];

    private static IEnumerable<Problem> Environment(ApplicationEnvironmentSpec environment, string place) =>
        [
            .. environment.Teams.SelectMany(team =>
                (team.TalksWith ?? [])
                    .Where(name => name != environment.Name.Text && environment.Teams.All(other => other.Name != name))
                    .Select(name =>
                        ProblemCatalog.UnknownNeighbour.At(
                            $"{place}.teams[{team.Name}].talksWith",
                            Quote(name),
                            string.Join(", ", environment.Teams.Select(other => other.Name).Prepend(environment.Name.Text))
                        )
                    )
            ),
            .. environment.Destinations.SelectMany(destination =>
                Destination(destination, $"{place}.destinations[{destination.Name}]")
            ),
        ];

    private static IEnumerable<Problem> Destination(OutsideDestination destination, string place) =>
        [
            .. destination.Ranges.SelectMany(range => PublicRange(range, $"{place}.ranges")),
            .. Ports([.. destination.Ports.Select(port => new PortRange(port))], $"{place}.ports"),
            // No range would mean every address.
            .. destination.Ranges.Count == 0 ? [ProblemCatalog.InvalidRange.At($"{place}.ranges", "none")] : Array.Empty<Problem>(),
        ];

    /// <summary>A range of the outside, narrow enough for somebody to answer for it.</summary>
    public static IEnumerable<Problem> PublicRange(Cidr range, string place) =>
        [
            .. Range(range, place),
            .. range.IsValid && NotPublic.Any(other => other.Overlaps(range))
                ? [ProblemCatalog.NotPublic.At(place, Quote(range.Text))]
                : Array.Empty<Problem>(),
        ];

    /// <summary>A range that is narrow enough for somebody to answer for it.</summary>
    public static IEnumerable<Problem> Range(Cidr range, string place)
    {
        if (!range.IsValid)
            yield return ProblemCatalog.InvalidRange.At(place, Quote(range.Text));
        else if (range.IsTooWide)
            yield return ProblemCatalog.RangeTooWide.At(place, Quote(range.Text));
    }

    /// <summary>At least one port, each a port, no range backwards.</summary>
    public static IEnumerable<Problem> Ports(IReadOnlyList<PortRange> ports, string place)
    {
        if (ports.Count == 0)
            yield return ProblemCatalog.InvalidPorts.At(place, "none");
        foreach (PortRange wrong in ports.Where(one => !IsPort(one.First) || !IsPort(one.Last ?? one.First) || one.Last < one.First))
            yield return ProblemCatalog.InvalidPorts.At(place, Quote(Invariant($"{wrong.Range}")));
    }

    private static bool IsPort(int port) => port is >= 1 and <= 65535;
}
