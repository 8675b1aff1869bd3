using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.Firewall;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Linode;

/// <summary>What <see cref="NodeFirewall"/> needs.</summary>
public sealed record NodeFirewallProps
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }
}

/// <summary>
/// The Cloud Firewall around the nodes: everything inbound is dropped but what LKE needs. Only for the enterprise tier: standard pools ignore
/// a firewall, there a controller in the cluster keeps one.
/// </summary>
public sealed class NodeFirewall : Construct
{
    private readonly Firewall _firewall;

    /// <summary>Makes the firewall.</summary>
    public NodeFirewall(Construct scope, string id, NodeFirewallProps props)
        : base(scope, id) =>
        _firewall = new Firewall(
            this,
            "firewall",
            new FirewallConfig
            {
                Label = ResourceNames.Of(props.Platform).Firewall,
                InboundPolicy = "DROP",
                OutboundPolicy = "ACCEPT",
                Inbound = LkeNetwork.Inbound(props.Platform).Select(Rule).ToArray(),
                Tags = [.. Labels.SharedTags(props.Platform)],
            }
        );

    /// <summary>The firewall's id, for the pools.</summary>
    public double FirewallId => Token.AsNumber(_firewall.Id);

    private static FirewallInbound Rule(FirewallRule rule) =>
        new()
        {
            Label = rule.Label,
            Action = "ACCEPT",
            Protocol = rule.Protocol,
            Ports = rule.Ports,
            Ipv4 = rule.From.IsIPv4 ? [rule.From.Text] : null,
            Ipv6 = rule.From.IsIPv4 ? null : [rule.From.Text],
        };
}
