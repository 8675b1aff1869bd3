using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>
/// Addresses: the notation, the position, the overlap and the size of every range, and the networks that may reach the control
/// plane.
/// </summary>
internal static class AddressCheck
{
    /// <summary>
    /// The first two and the last two of each subnet (linode/manager, utilities/subnets.ts, RESERVED_IP_NUMBER).
    /// </summary>
    private const int AddressesKeptByLinode = 4;

    private const int LongestPrefix = 29;

    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory)
    {
        var vpc = inventory.Of(platform => platform.Addresses.Vpc);
        var subnets = Subnets(inventory);
        var networks = inventory.ControlPlaneAccess().Select(network => network.Of(one => one.Range)).ToList();
        return
        [
            .. subnets
                .Prepend(vpc)
                .Concat(networks)
                .Where(range => !range.Value.IsValid)
                .Select(range => ProblemCatalog.InvalidRange.At(range.Path, Quote(range.Value.Text))),
            .. subnets.Prepend(vpc).Where(range => range.Value.IsValid).SelectMany(Position),
            .. subnets
                .Where(range => range.Value is { IsValid: true, IsIPv4: true })
                .SelectMany(subnet => InVpc(subnet, vpc.Value)),
            .. Overlaps([.. subnets.Where(range => range.Value.IsValid)]),
            .. Sizes(inventory),
            .. ControlPlane(inventory, networks),
        ];
    }

    private static List<InventoryValue<Cidr>> Subnets(InventoryValue<PlatformSpec> inventory) =>
        [
            inventory.Of(platform => platform.Addresses.Nodes),
            .. DataStores(inventory).Select(store => store.Of(one => one.Subnet)),
        ];

    private static IEnumerable<InventoryValue<DataStore>> DataStores(InventoryValue<PlatformSpec> inventory) =>
        inventory.Applications().SelectMany(environment => environment.Optional(spec => spec.DataStore));

    private static IEnumerable<Problem> Position(InventoryValue<Cidr> range)
    {
        if (!ReservedRanges.Private.Any(reserved => reserved.Contains(range.Value)))
            yield return ProblemCatalog.NotPrivate.At(range.Path, Quote(range.Value.Text));
        foreach (var (reserved, use) in ReservedRanges.InUse.Where(reserved => reserved.Range.Overlaps(range.Value)))
            yield return ProblemCatalog.ReservedRange.At(
                range.Path,
                Quote(range.Value.Text),
                $"no address of {reserved} ({use})"
            );
    }

    private static IEnumerable<Problem> InVpc(InventoryValue<Cidr> subnet, Cidr vpc)
    {
        if (vpc.IsValid && !vpc.Contains(subnet.Value))
            yield return ProblemCatalog.OutsideVpc.At(subnet.Path, Quote(subnet.Value.Text), $"a part of {vpc}");
        if (subnet.Value.PrefixLength is < 1 or > LongestPrefix)
            yield return ProblemCatalog.SubnetPrefix.At(subnet.Path, Quote(subnet.Value.Text));
    }

    private static IEnumerable<Problem> Overlaps(IReadOnlyList<InventoryValue<Cidr>> subnets) =>
        subnets.SelectMany(
            (subnet, index) =>
                subnets
                    .Take(index)
                    .Where(other => other.Value.Overlaps(subnet.Value))
                    .Select(other =>
                        ProblemCatalog.RangesOverlap.At(
                            subnet.Path,
                            Quote(subnet.Value.Text),
                            $"no address of {other.Value} at {other.Path}"
                        )
                    )
        );

    private static IEnumerable<Problem> Sizes(InventoryValue<PlatformSpec> inventory)
    {
        var nodes = inventory.Value.Pools.Sum(pool => Math.Clamp(pool.MaxNodes, 0, 1000) + 1);
        return
        [
            .. Size(inventory.Of(platform => platform.Addresses.Nodes), nodes),
            .. DataStores(inventory).SelectMany(store => Size(store.Of(one => one.Subnet), store.Value.Nodes)),
        ];
    }

    private static IEnumerable<Problem> Size(InventoryValue<Cidr> subnet, int nodes)
    {
        if (subnet.Value is not { IsValid: true, IsIPv4: true, PrefixLength: <= LongestPrefix })
            yield break;
        var addresses = 1L << (32 - subnet.Value.PrefixLength);
        var needed = (long)nodes + AddressesKeptByLinode;
        if (addresses < needed)
            yield return ProblemCatalog.SubnetTooSmall.At(
                subnet.Path,
                Invariant($"{Quote(subnet.Value.Text)} ({addresses} addresses)"),
                Invariant($"at least {needed} addresses: {nodes} for nodes, {AddressesKeptByLinode} that Linode keeps")
            );
    }

    private static IEnumerable<Problem> ControlPlane(
        InventoryValue<PlatformSpec> inventory,
        IReadOnlyList<InventoryValue<Cidr>> networks
    ) =>
        networks.Count == 0
            ? [ProblemCatalog.NoControlPlaneAccess.At(inventory.Of(platform => platform.ControlPlaneAccess).Path, "none")]
            :
            [
                .. networks
                    .Where(range => range.Value is { IsValid: true, IsTooWide: true })
                    .Select(range => ProblemCatalog.OpenControlPlane.At(range.Path, Quote(range.Value.Text))),
                .. networks.SelectMany(SegmentCheck.Special),
            ];
}
