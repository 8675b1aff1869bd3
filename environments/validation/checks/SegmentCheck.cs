using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>The inventory's part of the network policies: outside destinations, peers of teams, and ports of metrics.</summary>
internal static class SegmentCheck
{
    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory) =>
        [
            .. MetricsPorts(inventory.Of(platform => platform.MetricsPorts)),
            .. inventory.Applications().SelectMany(TeamPeers),
            .. inventory.Applications().SelectMany(InventoryValue.Destinations).SelectMany(Destination),
        ];

    /// <summary>A valid range of public addresses that is narrow enough to have one owner.</summary>
    public static IEnumerable<Problem> PublicRange(InventoryValue<Cidr> range) =>
        [
            .. Narrow(range),
            .. range.Value.IsValid && ReservedRanges.NotPublic.Any(other => other.Overlaps(range.Value))
                ? [ProblemCatalog.NotPublic.At(range.Path, Quote(range.Value.Text))]
                : Array.Empty<Problem>(),
        ];

    /// <summary>A valid range of addresses that machines have, narrow enough to have one owner.</summary>
    public static IEnumerable<Problem> Range(InventoryValue<Cidr> range) => [.. Narrow(range), .. Special(range)];

    /// <summary>A range with addresses that no other machine has as its own.</summary>
    public static IEnumerable<Problem> Special(InventoryValue<Cidr> range) =>
        range.Value is { IsValid: true, IsTooWide: false }
            ? ReservedRanges
                .Special.Where(special => special.Range.Overlaps(range.Value))
                .Take(1)
                .Select(special => ProblemCatalog.SpecialRange.At(range.Path, $"{Quote(range.Value.Text)}, {special.Use}"))
            : [];

    private static IEnumerable<Problem> Narrow(InventoryValue<Cidr> range)
    {
        if (!range.Value.IsValid)
            yield return ProblemCatalog.InvalidRange.At(range.Path, Quote(range.Value.Text));
        else if (range.Value.IsTooWide)
            yield return ProblemCatalog.RangeTooWide.At(range.Path, Quote(range.Value.Text));
    }

    /// <summary>At least one port; each is valid, and the last of a range is not below its first.</summary>
    public static IEnumerable<Problem> Ports(InventoryValue<IReadOnlyList<PortRange>> ports)
    {
        if (ports.Value.Count == 0)
            yield return ProblemCatalog.InvalidPorts.At(ports.Path, "none");
        foreach (
            var wrong in ports.Value.Where(one => !IsPort(one.First) || !IsPort(one.Last ?? one.First) || one.Last < one.First)
        )
            yield return ProblemCatalog.InvalidPorts.At(ports.Path, Quote(Invariant($"{wrong.Range}")));
    }

    private static IEnumerable<Problem> MetricsPorts(InventoryValue<IReadOnlyList<int>> ports)
    {
        if (ports.Value.Count == 0 || !ports.Value.All(IsPort))
            yield return ProblemCatalog.InvalidPorts.At(ports.Path, Quote(string.Join(", ", ports.Value)));
    }

    private static IEnumerable<Problem> TeamPeers(InventoryValue<ApplicationEnvironmentSpec> environment)
    {
        var names = environment.Value.Teams.Select(team => team.Name).Prepend(environment.Value.Name.Text).ToList();
        return environment
            .Teams()
            .SelectMany(team => team.Optional(one => one.TalksWith))
            .SelectMany(peers =>
                peers
                    .Value.Where(name => !names.Contains(name))
                    .Select(name => ProblemCatalog.UnknownTeamPeer.At(peers.Path, Quote(name), string.Join(", ", names)))
            );
    }

    private static IEnumerable<Problem> Destination(InventoryValue<OutsideDestination> destination)
    {
        var ranges = destination.Of(one => one.Ranges);
        return
        [
            .. ranges.Value.SelectMany(range => PublicRange(ranges.Map(_ => range))),
            .. Ports(destination.Of(one => one.Ports).Map(Single)),
            // No range would mean every address.
            .. ranges.Value.Count == 0 ? [ProblemCatalog.InvalidRange.At(ranges.Path, "none")] : Array.Empty<Problem>(),
        ];
    }

    private static IReadOnlyList<PortRange> Single(IReadOnlyList<int> ports) => [.. ports.Select(port => new PortRange(port))];

    private static bool IsPort(int port) => port is >= 1 and <= 65535;
}
