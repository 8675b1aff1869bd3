using InfraCdktf.Environments.Values;

namespace InfraCdktf.Constructs.Linode;

/// <summary>One inbound rule of the nodes' firewall.</summary>
/// <param name="Label">3-32 characters (Linode API).</param>
/// <param name="Protocol">TCP, UDP, ICMP or IPENCAP.</param>
/// <param name="Ports">Ports and ranges, separated by commas; null for all ports, or where the protocol has none.</param>
/// <param name="From">The source range.</param>
/// <param name="Reason">Why the rule exists.</param>
public sealed record FirewallRule(string Label, string Protocol, string? Ports, Cidr From, string Reason);
