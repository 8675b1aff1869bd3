using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>
/// The private address ranges. The subnet of a database is in the record of its environment (<see cref="DataStore.Subnet"/>).
/// </summary>
/// <param name="Vpc">The range of all subnets (RFC 1918).</param>
/// <param name="Nodes">The nodes' subnet.</param>
public sealed record AddressPlan(Cidr Vpc, Cidr Nodes);
