using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>What the shared services may talk to. They alone reach into environments, and only where a pod asks for it.</summary>
public static class SystemAllowRules
{
    /// <summary>
    /// All pods but those that never ask the API server anything. A list of those that do would be safer still, but the Jobs that charts run
    /// at an upgrade have no label in common, and one forgotten stops that upgrade.
    /// </summary>
    private static PodGroup ApiClients { get; } =
        new(
            "api-clients",
            LabelSelector
                .Without("app.kubernetes.io/name", "alertmanager")
                .AndNot(SegmentLabels.OwningGateway)
                .AndNot(SegmentLabels.Collector, "true")
        );

    private const string ApiReason =
        "Controllers watch the API server; the gateway's proxies, Alertmanager and the collectors do not.";

    /// <summary>Those that read the kubelets and the node exporters, which listen on the nodes' addresses.</summary>
    private static PodGroup NodeReaders { get; } =
        new("node-readers", LabelSelector.With("app.kubernetes.io/name", "prometheus", "metrics-server"));

    private static readonly IReadOnlyList<Port> s_nodePorts = [new("10250"), new("9100")];

    private const string NodeReason = "Prometheus and metrics-server read the kubelets (10250) and the node exporters (9100).";

    /// <summary>Whom the API server calls, and where (each chart's Service for its webhook or API).</summary>
    private static IReadOnlyList<(PodGroup Role, string Reason)> Called { get; } =
    [
        (
            new PodGroup("webhooks", LabelSelector.With("app.kubernetes.io/name", "webhook", "metrics-server")).On(new Port("10250")),
            "The API server calls cert-manager's webhook and the metrics API."
        ),
        (
            new PodGroup("prometheus-operator", LabelSelector.With("app", "kube-prometheus-stack-operator")).On(new Port("10250")),
            "The API server asks Prometheus' operator whether a rule is one."
        ),
        (
            new PodGroup("gateway-controller", LabelSelector.With("control-plane", "envoy-gateway")).On(new Port("9443")),
            "The API server asks Envoy Gateway where a proxy runs."
        ),
    ];

    /// <summary>The segment of the system namespace.</summary>
    public static AllowRules For(PlatformSpec platform)
    {
        PodGroup gateway = new PodGroup("gateway", LabelSelector.With(Peers.Proxies(platform)));
        PodGroup prometheus = new PodGroup("prometheus", LabelSelector.With(Peers.App("prometheus")));
        AllowRules segment = AllowRules
            .None.AllowDns()
            .AllowInside([PeerSelector.Environment(platform.System.Name.Text)], "Shared services call each other.")
            .AllowFrom(
                new("outside", []),
                gateway.On(new Port("10080"), new Port("10443")),
                "Requests from outside arrive at the gateway's proxies: 80 and 443 of the NodeBalancer are 10080 and 10443 of the pod."
            )
            .ForEach(Called, (all, called) => all.AllowFrom(new("api-server", []), called.Role, called.Reason))
            .ForEach(
                platform.Applications,
                (all, environment) =>
                    all.AllowTo(
                            Peers.Exposed(environment),
                            gateway,
                            $"The gateway forwards requests to pods of {environment.Name} that ask for them."
                        )
                        .AllowTo(
                            Peers.Scraped(platform, environment),
                            prometheus,
                            $"Prometheus scrapes the pods of {environment.Name}, whose own policy lets it in at the port they name \"metrics\"."
                        )
                        .AllowFrom(
                            Peers.Everyone(environment),
                            Peers.Collector,
                            $"Pods of {environment.Name} send their traces and logs."
                        )
            )
            .AllowTo(
                new("name-servers", [PeerSelector.Namespace("kube-system")]) { Ports = [new("9153")] },
                prometheus,
                "Prometheus scrapes CoreDNS."
            )
            .AllowTo(
                Peers.Internet(new Port("443")),
                new("alertmanager", LabelSelector.With(Peers.App("alertmanager"))),
                "Alertmanager tells people through their chat service."
            )
            .AllowTo(
                Peers.Internet(new Port("443"), new Port("80")),
                new("cert-manager", LabelSelector.With(Peers.App("cert-manager"))),
                "cert-manager orders certificates and checks its own HTTP-01 answers."
            )
            .ForEach(OverrideRules.Of(platform, platform.System.Name.Text), (all, flow) => all.And(flow));
        return platform.Tier == ClusterTier.Enterprise
            ? segment
            : segment
                .AllowTo(Peers.ApiServerOnCalico, ApiClients, ApiReason)
                .AllowTo(
                    new("nodes", [new PeerSelector.Addresses(LkeNetwork.NodeRange, [])]) { Ports = s_nodePorts },
                    NodeReaders,
                    NodeReason
                );
    }

    /// <summary>What a NetworkPolicy cannot say where Cilium enforces it; nothing on the standard tier, which runs Calico.</summary>
    public static IReadOnlyList<JsonObject> CiliumPolicies(PlatformSpec platform)
    {
        var (system, space) = (platform.System, platform.System.Name.Text);
        return platform.Tier == ClusterTier.Standard
            ? []
            :
            [
                CiliumPolicy.ToApiServer(platform, system, space, ApiClients, ApiReason),
                CiliumPolicy.ToNodes(platform, system, space, NodeReaders, s_nodePorts, NodeReason),
            ];
    }
}
