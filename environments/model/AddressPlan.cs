using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>The private address ranges. The databases' subnets stand with their environment.</summary>
/// <param name="Vpc">The range that all subnets lie in (RFC 1918).</param>
/// <param name="Nodes">The nodes' subnet.</param>
public sealed record AddressPlan(Cidr Vpc, Cidr Nodes);
