using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>The CloudFirewall CRD: a chart of its own without values. Standard tier only, as its controller.</summary>
public static class CloudFirewallDefinitions
{
    /// <summary>The service's name.</summary>
    public static ServiceName Name { get; } = new("cloud-firewall-crd");

    /// <summary>The service; null on the enterprise tier.</summary>
    public static SharedService? For(PlatformSpec platform) =>
        platform.Tier == ClusterTier.Enterprise
            ? null
            : new()
            {
                Name = Name,
                Chart = new("cloud-firewall-crd", CloudFirewallController.Repository, "0.2.0"),
                Namespace = CloudFirewallController.Namespace,
                Traffic = [],
                Workloads = [],
                Values = [],
            };
}
