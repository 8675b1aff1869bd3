using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.Firewall;

namespace InfraCdktf.Constructs.Linode;

/// <summary>Input of <see cref="NodeFirewall"/>.</summary>
public sealed record NodeFirewallProps
{
    /// <summary>The firewall's label, 3-32 characters.</summary>
    public required string Label { get; init; }

    /// <summary>The inbound rules (<see cref="NodeFirewallRules"/>).</summary>
    public required IReadOnlyList<FirewallRule> Inbound { get; init; }

    /// <summary>Linode tags.</summary>
    public required IReadOnlyList<string> Tags { get; init; }
}

/// <summary>
/// The Cloud Firewall of the nodes: it drops all inbound traffic except the given rules. Enterprise tier only: pools of the
/// standard tier ignore a firewall, and a controller in the cluster manages one instead.
/// </summary>
public sealed class NodeFirewall : Construct
{
    private readonly Firewall _firewall;

    /// <summary>Creates the firewall.</summary>
    public NodeFirewall(Construct scope, string id, NodeFirewallProps props)
        : base(scope, id) =>
        _firewall = new Firewall(
            this,
            "firewall",
            new FirewallConfig
            {
                Label = props.Label,
                InboundPolicy = "DROP",
                OutboundPolicy = "ACCEPT",
                Inbound = props.Inbound.Select(Rule).ToArray(),
                Tags = [.. props.Tags],
            }
        );

    /// <summary>The firewall's id, for the pools.</summary>
    public double FirewallId => Token.AsNumber(_firewall.Id);

    private static FirewallInbound Rule(FirewallRule rule) =>
        new()
        {
            Label = rule.Label,
            Description = rule.Description,
            Action = "ACCEPT",
            Protocol = rule.Protocol,
            Ports = rule.Ports,
            Ipv4 = rule.From.IsIPv4 ? [rule.From.Text] : null,
            Ipv6 = rule.From.IsIPv4 ? null : [rule.From.Text],
        };
}
