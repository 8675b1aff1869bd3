using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Linode;

/// <summary>
/// The address ranges that have a fixed use: private networks, LKE's own ranges, and ranges that are not public.
/// </summary>
public static class ReservedRanges
{
    /// <summary>The private IPv4 ranges (RFC 1918). The VPC and its subnets must be inside one of them.</summary>
    public static IReadOnlyList<Cidr> Private { get; } = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

    /// <summary>
    /// The ranges that LKE and Linode use, each with its use. No range of the platform may overlap with one of them. Sources:
    /// GET /vpcs/default-ranges and Linode's LKE documentation. Measured on the standard tier, refused on both tiers.
    /// </summary>
    public static IReadOnlyList<(Cidr Range, string Use)> InUse { get; } =
    [
        ("10.2.0.0/16", "LKE's pods"),
        ("10.128.0.0/16", "LKE's services"),
        ("192.168.128.0/17", "Linode's private network"),
        ("169.254.0.0/16", "link-local addresses"),
        ("127.0.0.0/8", "loopback addresses"),
    ];

    /// <summary>
    /// The ranges whose addresses no other machine has as its own, each with its use (IANA's registries of special-purpose
    /// addresses; RFC 1122, 3056, 3927, 4291, 4380, 6052, 8215). An address in which IPv4 is embedded may mean a private one:
    /// 64:ff9b::a40:1000 is 10.64.16.0.
    /// </summary>
    public static IReadOnlyList<(Cidr Range, string Use)> Special { get; } =
    [
        ("0.0.0.0/8", "unspecified addresses"),
        ("127.0.0.0/8", "loopback addresses"),
        ("169.254.0.0/16", "link-local addresses"),
        ("224.0.0.0/4", "multicast addresses"),
        ("240.0.0.0/4", "reserved and broadcast addresses"),
        ("::/96", "unspecified, loopback and IPv4-compatible addresses"),
        ("64:ff9b::/96", "translated IPv4 addresses"),
        ("64:ff9b:1::/48", "translated IPv4 addresses"),
        ("2001::/32", "Teredo, which contains IPv4 addresses"),
        ("2002::/16", "6to4, which contains IPv4 addresses"),
        ("fe80::/10", "link-local addresses"),
        ("ff00::/8", "multicast addresses"),
    ];

    /// <summary>
    /// The ranges that are private or belong to the cluster. A destination outside the cluster may not overlap with one of them:
    /// the addresses could belong to another environment. They are RFC 1918, shared address space (RFC 6598), unique local
    /// addresses (RFC 4193) and <see cref="Special"/>.
    /// </summary>
    public static IReadOnlyList<Cidr> NotPublic { get; } =
    [.. Private, "100.64.0.0/10", "fc00::/7", .. Special.Select(special => special.Range)];
}
