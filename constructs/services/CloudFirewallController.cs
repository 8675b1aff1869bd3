using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// The controller of the nodes' firewall on the standard tier, where Linode ignores <c>firewall_id</c> on pools. Removing this
/// release deletes the firewall.
/// </summary>
public static class CloudFirewallController
{
    /// <summary>The chart repository of the controller and its CRD.</summary>
    public const string Repository = "https://linode.github.io/cloud-firewall-controller";

    /// <summary>
    /// The namespace. The controller's code supports no other, its token is LKE's own Secret kube-system/linode, and the chart
    /// sets no seccomp profile, which the restricted system namespace requires.
    /// </summary>
    public const string Namespace = "kube-system";

    /// <summary>The service's name.</summary>
    public static ServiceName Name { get; } = new("cloud-firewall-controller");

    private static readonly ServiceWorkload s_controller = new()
    {
        Name = "cloud-firewall-controller",
        Resources = new("10m", "64Mi", "100m", "128Mi"),
        Values = ValuePaths.Below("", replicas: null),
    };

    /// <summary>The service; null on the enterprise tier.</summary>
    public static SharedService? For(PlatformSpec platform)
    {
        if (platform.Tier == ClusterTier.Enterprise)
            return null;
        var pool = platform.PoolOf(platform.System);
        return new()
        {
            Name = Name,
            Chart = new("cloud-firewall-controller", Repository, "0.2.1"),
            Namespace = Namespace,
            DependsOn = [CloudFirewallDefinitions.Name],
            // kube-system has no policies of the platform.
            Traffic = [],
            Workloads = [s_controller],
            Values = new()
            {
                ["resources"] = s_controller.Resources.ToJson(),
                // Set before the first installation: once the controller has created its own firewall, Helm refuses to own it.
                // Its ten built-in rules lack ports that pods and LKE's nodes need between nodes.
                ["firewall"] = new JsonObject
                {
                    ["inbound"] = new JsonArray([.. NodeFirewallRules.BesideController(platform).Select(Rule)]),
                },
                ["nodeSelector"] = PodPlacement.NodeSelector(pool),
                ["tolerations"] = PodPlacement.Tolerations(pool),
            },
        };
    }

    private static JsonObject Rule(FirewallRule rule) =>
        new()
        {
            ["label"] = rule.Label,
            ["action"] = "ACCEPT",
            ["description"] = rule.Reason,
            ["protocol"] = rule.Protocol,
            ["ports"] = rule.Ports,
            ["addresses"] = new JsonObject { [rule.From.IsIPv4 ? "ipv4" : "ipv6"] = new JsonArray(rule.From.Text) },
        };
}
