using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Constructs.Linode;

/// <summary>One inbound rule of the nodes' firewall.</summary>
/// <param name="Label">3-32 characters (Linode API).</param>
/// <param name="Protocol">TCP, UDP, ICMP or IPENCAP.</param>
/// <param name="Ports">Ports and ranges, separated by commas; null for all ports, or where the protocol has none.</param>
/// <param name="From">The source range.</param>
/// <param name="Reason">Why the rule exists.</param>
public sealed record FirewallRule(string Label, string Protocol, string? Ports, Cidr From, string Reason)
{
    /// <summary>The longest <see cref="Description"/>. Chosen by us: the limit of Linode's API was not measured.</summary>
    public const int LongestDescription = 100;

    /// <summary>
    /// The reason, escaped for Terraform and shortened: people see it beside the rule. The whole reason of an override is in its
    /// record in the inventory.
    /// </summary>
    public string Description => TerraformText.Escape(Shortened());

    private string Shortened()
    {
        const string rest = "...";
        var length = LongestDescription - rest.Length;
        return Reason.Length <= LongestDescription
            ? Reason
            // Not between the two halves of a character.
            : Reason[..(char.IsHighSurrogate(Reason[length - 1]) ? length - 1 : length)] + rest;
    }
}
