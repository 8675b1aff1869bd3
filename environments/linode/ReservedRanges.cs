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
    /// The ranges that are private or belong to the cluster. A destination outside the cluster may not overlap with one of them:
    /// the addresses could belong to another environment. They are RFC 1918, link-local addresses (RFC 3927, RFC 4291), shared
    /// address space (RFC 6598), loopback addresses (RFC 1122) and unique local addresses (RFC 4193).
    /// </summary>
    public static IReadOnlyList<Cidr> NotPublic { get; } =
    [.. Private, "169.254.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "fe80::/10"];
}
