using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>Addresses: that every range is one, lies where it must, meets no other, and is large enough; and who reaches the control plane.</summary>
internal static class AddressCheck
{
    /// <summary>RFC 1918.</summary>
    private static readonly Cidr[] Private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

    /// <summary>
    /// What LKE and Linode use themselves: LKE's pods and services, its control plane's private network, link-local, loopback
    /// (GET /vpcs/default-ranges; Linode's LKE documentation). Measured on the standard tier, refused on both.
    /// </summary>
    private static readonly (Cidr Range, string User)[] Reserved =
    [
        ("10.2.0.0/16", "LKE's pods"),
        ("10.128.0.0/16", "LKE's services"),
        ("192.168.128.0/17", "Linode's private network"),
        ("169.254.0.0/16", "link-local addresses"),
        ("127.0.0.0/8", "loopback addresses"),
    ];

    /// <summary>The first two and the last two of each subnet (linode/manager, utilities/subnets.ts, RESERVED_IP_NUMBER).</summary>
    private const int AddressesKeptByLinode = 4;

    private const int LongestPrefix = 29;

    public static IEnumerable<Problem> Problems(PlatformSpec platform)
    {
        var vpc = new Named(platform.Addresses.Vpc, "addresses.vpc");
        var subnets = Subnets(platform).ToList();
        var networks = platform
            .ControlPlaneAccess.Select(network => new Named(network.Range, $"controlPlaneAccess[{network.Name}].range"))
            .ToList();
        return
        [
            .. new[] { vpc }
                .Concat(subnets)
                .Concat(networks)
                .Where(named => !named.Range.IsValid)
                .Select(named => ProblemCatalog.InvalidRange.At(named.Place, Quote(named.Range.Text))),
            .. new[] { vpc }.Concat(subnets).Where(named => named.Range.IsValid).SelectMany(Position),
            .. subnets.Where(named => named.Range.IsValid && named.Range.IsIPv4).SelectMany(subnet => InVpc(subnet, vpc.Range)),
            .. Overlaps([.. subnets.Where(named => named.Range.IsValid)]),
            .. Sizes(platform),
            .. ControlPlane(networks),
        ];
    }

    private static IEnumerable<Named> Subnets(PlatformSpec platform) =>
        [
            new(platform.Addresses.Nodes, "addresses.nodes"),
            .. InventoryPath
                .Environments(platform)
                .Where(part => part.Environment.DataStore is not null)
                .Select(part => new Named(part.Environment.DataStore!.Subnet, $"{part.Place}.dataStore.subnet")),
        ];

    private static IEnumerable<Problem> Position(Named named)
    {
        if (!Private.Any(range => range.Contains(named.Range)))
            yield return ProblemCatalog.NotPrivate.At(named.Place, Quote(named.Range.Text));
        foreach (var (range, user) in Reserved.Where(reserved => reserved.Range.Overlaps(named.Range)))
            yield return ProblemCatalog.ReservedRange.At(
                named.Place,
                Quote(named.Range.Text),
                $"nothing of {range}, which {user} use"
            );
    }

    private static IEnumerable<Problem> InVpc(Named subnet, Cidr vpc)
    {
        if (vpc.IsValid && !vpc.Contains(subnet.Range))
            yield return ProblemCatalog.OutsideVpc.At(subnet.Place, Quote(subnet.Range.Text), $"a part of {vpc}");
        if (subnet.Range.PrefixLength is < 1 or > LongestPrefix)
            yield return ProblemCatalog.SubnetPrefix.At(subnet.Place, Quote(subnet.Range.Text));
    }

    private static IEnumerable<Problem> Overlaps(IReadOnlyList<Named> subnets) =>
        subnets.SelectMany(
            (subnet, index) =>
                subnets
                    .Take(index)
                    .Where(other => other.Range.Overlaps(subnet.Range))
                    .Select(other =>
                        ProblemCatalog.RangesOverlap.At(
                            subnet.Place,
                            Quote(subnet.Range.Text),
                            $"nothing of {other.Range} at {other.Place}"
                        )
                    )
        );

    private static IEnumerable<Problem> Sizes(PlatformSpec platform)
    {
        var nodes = platform.Pools.Sum(pool => Math.Clamp(pool.MaxNodes, 0, 1000) + 1);
        return Size(new(platform.Addresses.Nodes, "addresses.nodes"), nodes)
            .Concat(
                InventoryPath
                    .Environments(platform)
                    .Where(part => part.Environment.DataStore is not null)
                    .SelectMany(part =>
                        Size(
                            new(part.Environment.DataStore!.Subnet, $"{part.Place}.dataStore.subnet"),
                            part.Environment.DataStore!.Nodes
                        )
                    )
            );
    }

    private static IEnumerable<Problem> Size(Named subnet, int holds)
    {
        if (!subnet.Range.IsValid || !subnet.Range.IsIPv4 || subnet.Range.PrefixLength > LongestPrefix)
            yield break;
        var addresses = 1L << (32 - subnet.Range.PrefixLength);
        if (addresses < (long)holds + AddressesKeptByLinode)
            yield return ProblemCatalog.SubnetTooSmall.At(
                subnet.Place,
                Invariant($"{Quote(subnet.Range.Text)} ({addresses} addresses)"),
                Invariant(
                    $"at least {(long)holds + AddressesKeptByLinode} addresses: {holds} to hold, {AddressesKeptByLinode} that Linode keeps"
                )
            );
    }

    private static IEnumerable<Problem> ControlPlane(IReadOnlyList<Named> networks) =>
        networks.Count == 0
            ? [ProblemCatalog.NoControlPlaneAccess.At("controlPlaneAccess", "none")]
            : networks
                .Where(named => named.Range.IsValid && named.Range.IsTooWide)
                .Select(named => ProblemCatalog.OpenControlPlane.At(named.Place, Quote(named.Range.Text)));

    private sealed record Named(Cidr Range, string Place);
}
