using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Platform;
using InfraCdktf.Environments;

namespace InfraCdktf.Constructs.Network;

/// <summary>What the shared services may talk to. They alone reach into environments, and only where a pod asks for it.</summary>
public static class SystemSegment
{
    /// <summary>Pods of the gateway: its proxies carry its name.</summary>
    private static Dictionary<string, string> Proxies(Environments.Platform platform) =>
        new() { [SegmentLabels.OwningGateway] = platform.Project };

    private static Dictionary<string, string> App(string name) => new() { ["app.kubernetes.io/name"] = name };

    /// <summary>The flows of the system namespace.</summary>
    public static IReadOnlyList<Flow> Flows(Environments.Platform platform) =>
        [
            EnvironmentSegment.Dns,
            .. EnvironmentSegment.Inside(platform.System),
            new()
            {
                Name = "from-outside",
                Reason =
                    "Requests from outside arrive at the gateway's proxies: 80 and 443 of the NodeBalancer are 10080 and 10443 of the pod.",
                Direction = Direction.Ingress,
                Pods = Proxies(platform),
                Ports = [new("10080"), new("10443")],
            },
            new()
            {
                // The API server has no address that a policy could name, neither on Cilium nor on Calico.
                Name = "webhooks",
                Reason =
                    "The API server calls admission webhooks and the metrics API (cert-manager, Prometheus operator, metrics-server: 10250; Envoy Gateway: 9443).",
                Direction = Direction.Ingress,
                Ports = [new("10250"), new("9443")],
            },
            .. platform.Applications.Select(environment => new Flow
            {
                Name = $"gateway-to-{environment.Name}",
                Reason = $"The gateway forwards requests to pods of {environment.Name} that ask for them.",
                Direction = Direction.Egress,
                Pods = Proxies(platform),
                Peers =
                [
                    new Peer.InNamespaces(
                        new Dictionary<string, string> { ["environment"] = environment.Name.Text },
                        new Dictionary<string, string> { [SegmentLabels.FromGateway] = "true" }
                    ),
                ],
            }),
            .. platform.Applications.Select(environment => new Flow
            {
                Name = $"metrics-of-{environment.Name}",
                Reason =
                    $"Prometheus scrapes the pods of {environment.Name}, whose own policy lets it in at the port they name \"metrics\".",
                Direction = Direction.Egress,
                Pods = App("prometheus"),
                // No port by its name here: on egress Cilium drops the whole rule once two pods give the name different numbers
                // ("duplicate named ports", cilium/cilium#30003). On ingress it asks the pod itself.
                Peers = [Peer.Environment(environment.Name.Text)],
            }),
            new()
            {
                Name = "dns-metrics",
                Reason = "Prometheus scrapes CoreDNS.",
                Direction = Direction.Egress,
                Pods = App("prometheus"),
                Peers = [Peer.Namespace("kube-system")],
                Ports = [new("9153")],
            },
            new()
            {
                Name = "alerts-to-chat",
                Reason = "Alertmanager tells people through their chat service.",
                Direction = Direction.Egress,
                Pods = App("alertmanager"),
                Peers = [Peer.Internet()],
                Ports = [new("443")],
            },
            new()
            {
                Name = "certificates",
                Reason = "cert-manager orders certificates and checks its own HTTP-01 answers.",
                Direction = Direction.Egress,
                Pods = App("cert-manager"),
                Peers = [Peer.Internet()],
                Ports = [new("443"), new("80")],
            },
            .. platform.Tier == ClusterTier.Standard ? OnCalico : Array.Empty<Flow>(),
        ];

    /// <summary>
    /// What a NetworkPolicy cannot say where Cilium enforces it: an ipBlock matches neither nodes nor the API server there, an entity
    /// does. CiliumNetworkPolicy objects for <c>charts/manifests</c>; none on the standard tier, which runs Calico.
    /// </summary>
    public static IReadOnlyList<JsonObject> CiliumPolicies(Environments.Platform platform) =>
        platform.Tier == ClusterTier.Standard
            ? []
            :
            [
                Cilium(
                    platform,
                    "allow-api-server",
                    "Controllers watch the API server; the gateway's proxies and Alertmanager do not.",
                    new JsonObject
                    {
                        ["matchExpressions"] = new JsonArray(
                            new JsonObject
                            {
                                ["key"] = "app.kubernetes.io/name",
                                ["operator"] = "NotIn",
                                ["values"] = new JsonArray("alertmanager"),
                            },
                            new JsonObject { ["key"] = SegmentLabels.OwningGateway, ["operator"] = "DoesNotExist" }
                        ),
                    },
                    ["kube-apiserver"],
                    []
                ),
                Cilium(
                    platform,
                    "allow-node-metrics",
                    "Prometheus and metrics-server read the kubelets (10250) and the node exporters (9100), which listen on the nodes' addresses.",
                    new JsonObject
                    {
                        ["matchExpressions"] = new JsonArray(
                            new JsonObject
                            {
                                ["key"] = "app.kubernetes.io/name",
                                ["operator"] = "In",
                                ["values"] = new JsonArray("prometheus", "metrics-server"),
                            }
                        ),
                    },
                    ["host", "remote-node"],
                    ["10250", "9100"]
                ),
            ];

    private static IReadOnlyList<Flow> OnCalico =>
        [
            new()
            {
                Name = "api-server",
                Reason = "Controllers watch the API server, which has no fixed address on this tier.",
                Direction = Direction.Egress,
                Peers = [new Peer.Addresses("0.0.0.0/0", [])],
                Ports = [new("443"), new("6443")],
            },
            new()
            {
                Name = "node-metrics",
                Reason =
                    "Prometheus and metrics-server read the kubelets and the node exporters, which listen on the nodes' addresses.",
                Direction = Direction.Egress,
                Peers = [new Peer.Addresses(LkeNetwork.NodeRange, [])],
                Ports = [new("10250"), new("9100")],
            },
        ];

    private static JsonObject Cilium(
        Environments.Platform platform,
        string name,
        string reason,
        JsonObject endpoints,
        IReadOnlyList<string> entities,
        IReadOnlyList<string> ports
    )
    {
        var rule = new JsonObject { ["toEntities"] = new JsonArray([.. entities.Select(entity => JsonValue.Create(entity))]) };
        if (ports.Count > 0)
        {
            rule["toPorts"] = new JsonArray(
                new JsonObject
                {
                    ["ports"] = new JsonArray([
                        .. ports.Select(port => new JsonObject { ["port"] = port, ["protocol"] = "TCP" }),
                    ]),
                }
            );
        }
        var metadata = ObjectMetadata.Of(platform, platform.System, name);
        metadata["annotations"] = new JsonObject { ["reason"] = reason };
        return new JsonObject
        {
            ["apiVersion"] = "cilium.io/v2",
            ["kind"] = "CiliumNetworkPolicy",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["endpointSelector"] = endpoints, ["egress"] = new JsonArray(rule) },
        };
    }
}
