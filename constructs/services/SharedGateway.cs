using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// The one way in: a Gateway behind a NodeBalancer, with one listener for each exposed environment that only this environment's routes may use.
/// Complete objects for <c>charts/manifests</c>.
/// </summary>
public static class SharedGateway
{
    private const string Controller = "gateway.envoyproxy.io/gatewayclass-controller";

    /// <summary>The name of the certificate issuer.</summary>
    public const string Issuer = "letsencrypt";

    /// <summary>GatewayClass, EnvoyProxy, ClientTrafficPolicy, Gateway and the certificate issuer; nothing when no environment is exposed.</summary>
    public static IReadOnlyList<JsonObject> Objects(PlatformSpec platform)
    {
        // A Gateway without a listener is refused, and nobody needs one.
        if (!Exposed(platform).Any())
            return [];
        var name = platform.Project;
        var space = platform.System.Name.Text;
        return
        [
            Manifest(
                "gateway.networking.k8s.io/v1",
                "GatewayClass",
                KubernetesObject.ClusterWide(platform, platform.System, name),
                new JsonObject
                {
                    ["controllerName"] = Controller,
                    ["parametersRef"] = new JsonObject
                    {
                        ["group"] = "gateway.envoyproxy.io",
                        ["kind"] = "EnvoyProxy",
                        ["name"] = name,
                        ["namespace"] = space,
                    },
                }
            ),
            Manifest(
                "gateway.envoyproxy.io/v1alpha1",
                "EnvoyProxy",
                KubernetesObject.Of(platform, platform.System, name),
                Proxy(platform)
            ),
            Manifest(
                "gateway.envoyproxy.io/v1alpha1",
                "ClientTrafficPolicy",
                KubernetesObject.Of(platform, platform.System, name),
                new JsonObject
                {
                    ["targetRefs"] = new JsonArray(
                        new JsonObject
                        {
                            ["group"] = "gateway.networking.k8s.io",
                            ["kind"] = "Gateway",
                            ["name"] = name,
                        }
                    ),
                    // The NodeBalancer tells the client's address by the PROXY protocol (annotation below).
                    ["proxyProtocol"] = new JsonObject { ["optional"] = false },
                }
            ),
            Manifest(
                "gateway.networking.k8s.io/v1",
                "Gateway",
                KubernetesObject.Of(platform, platform.System, name),
                Gateway(platform)
            ),
            Manifest(
                "cert-manager.io/v1",
                "ClusterIssuer",
                KubernetesObject.ClusterWide(platform, platform.System, Issuer),
                new JsonObject
                {
                    ["acme"] = new JsonObject
                    {
                        ["server"] = "https://acme-v02.api.letsencrypt.org/directory",
                        ["email"] = platform.Contacts.Team,
                        ["privateKeySecretRef"] = new JsonObject { ["name"] = "letsencrypt-account" },
                        ["solvers"] = new JsonArray(
                            new JsonObject
                            {
                                ["http01"] = new JsonObject
                                {
                                    ["gatewayHTTPRoute"] = new JsonObject
                                    {
                                        ["parentRefs"] = new JsonArray(new JsonObject { ["name"] = name, ["namespace"] = space }),
                                        // The pods that answer the challenge run beside the certificate, in the environment, and are closed to
                                        // the gateway like all others until they ask for it.
                                        ["podTemplate"] = new JsonObject
                                        {
                                            ["metadata"] = new JsonObject
                                            {
                                                ["labels"] = new JsonObject { [SegmentLabels.FromGateway] = "true" },
                                            },
                                        },
                                    },
                                },
                            }
                        ),
                    },
                }
            ),
        ];
    }

    private static JsonObject Gateway(PlatformSpec platform) =>
        new()
        {
            ["gatewayClassName"] = platform.Project,
            // No listener but ours yet. The policy own-host-names would keep a ListenerSet to its environment's names; certificates are missing.
            ["listeners"] = new JsonArray([
                .. Exposed(platform)
                    .Select(environment => new JsonObject
                    {
                        ["name"] = environment.Name.Text,
                        ["hostname"] = $"*.{environment.Exposure!.Subdomain}.{platform.DnsZone}",
                        ["port"] = 80,
                        ["protocol"] = "HTTP",
                        ["allowedRoutes"] = new JsonObject
                        {
                            ["namespaces"] = new JsonObject
                            {
                                ["from"] = "Selector",
                                ["selector"] = new JsonObject
                                {
                                    ["matchLabels"] = new JsonObject { ["environment"] = environment.Name.Text },
                                },
                            },
                        },
                    }),
            ]),
        };

    private static JsonObject Proxy(PlatformSpec platform) =>
        new()
        {
            ["provider"] = new JsonObject
            {
                ["type"] = "Kubernetes",
                ["kubernetes"] = new JsonObject
                {
                    ["envoyService"] = new JsonObject
                    {
                        ["type"] = "LoadBalancer",
                        ["externalTrafficPolicy"] = "Local",
                        ["annotations"] = new JsonObject
                        {
                            ["service.beta.kubernetes.io/linode-loadbalancer-default-protocol"] = "tcp",
                            ["service.beta.kubernetes.io/linode-loadbalancer-default-proxy-protocol"] = "v2",
                            // The documents give two different defaults; 0 is none.
                            ["service.beta.kubernetes.io/linode-loadbalancer-throttle"] = "0",
                            // With an address in the Service's status, Cilium and kube-proxy send what pods say to it straight to the
                            // proxies, without the PROXY header that these insist on: cert-manager's check of its own answers would fail.
                            ["service.beta.kubernetes.io/linode-loadbalancer-hostname-only-ingress"] = "true",
                            // A Service deleted by mistake does not take the NodeBalancer with it: its successor adopts it, and with it the
                            // address that DNS names, by the annotation nodebalancer-id.
                            ["service.beta.kubernetes.io/linode-loadbalancer-preserve"] = "true",
                            ["service.beta.kubernetes.io/linode-loadbalancer-tags"] = string.Join(
                                ',',
                                Labels.SharedTags(platform)
                            ),
                        },
                    },
                    ["envoyPDB"] = new JsonObject { ["minAvailable"] = 1 },
                    ["envoyDeployment"] = new JsonObject
                    {
                        ["replicas"] = 2,
                        ["container"] = new JsonObject { ["resources"] = SharedServices.Resources("200m", "512Mi", "2", "1Gi") },
                        ["pod"] = new JsonObject
                        {
                            ["nodeSelector"] = SharedServices.OnSystemPool(platform),
                            ["tolerations"] = SharedServices.ToleratesSystemPool(platform),
                            ["topologySpreadConstraints"] = SharedServices.OneEachNode(
                                SegmentLabels.OwningGateway,
                                platform.Project
                            ),
                        },
                    },
                },
            },
        };

    private static IEnumerable<EnvironmentSpec> Exposed(PlatformSpec platform) =>
        platform.Applications.Where(environment => environment.Exposure is not null);

    private static JsonObject Manifest(string apiVersion, string kind, JsonObject metadata, JsonObject spec) =>
        new()
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = metadata,
            ["spec"] = spec,
        };
}
