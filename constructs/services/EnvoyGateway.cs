using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// Envoy Gateway: the controller that creates Envoy proxies from Gateway API objects, the CRDs of both, and the shared gateway of
/// all exposed environments.
/// </summary>
public static class EnvoyGateway
{
    // The files of its subchart "crds": Gateway API (also the experimental kinds, in their own group) and Envoy Gateway.
    private static readonly ChartPin s_chart = new("gateway-helm", "oci://docker.io/envoyproxy", "1.9.1")
    {
        CrdGroups = ["gateway.networking.k8s.io", "gateway.networking.x-k8s.io", "gateway.envoyproxy.io"],
    };

    /// <summary>The service's name.</summary>
    public static ServiceName Name { get; } = new("envoy-gateway");

    /// <summary>The name of the certificate issuer.</summary>
    public const string Issuer = "letsencrypt";

    // Envoy Gateway's own name for itself.
    private const string Controller = "gateway.envoyproxy.io/gatewayclass-controller";

    private static readonly ServiceWorkload s_controller = new()
    {
        Name = "gateway controller",
        Replicas = 2,
        Resources = new("100m", "256Mi", "1", "1Gi"),
        Values = new("deployment.pod")
        {
            Replicas = "deployment.replicas",
            Resources = "deployment.envoyGateway.resources",
            Budget = "podDisruptionBudget",
        },
    };

    private static readonly ServiceWorkload s_certificates = new()
    {
        Name = "gateway certificates",
        IsHook = true,
        Resources = new("50m", "64Mi", "250m", "128Mi"),
        Values = ValuePaths.Below("certgen.job", replicas: null),
    };

    private const int ProxyReplicas = 2;
    private static readonly ContainerResources s_proxyResources = new("200m", "512Mi", "2", "1Gi");

    // It runs beside Envoy and lets open requests end before the pod stops.
    private static readonly ContainerResources s_shutdownManager = new("10m", "32Mi", "100m", "64Mi");

    /// <summary>The service.</summary>
    public static SharedService For(PlatformSpec platform)
    {
        var pool = platform.PoolOf(platform.System);
        var gateway = Gateway(platform);
        // The proxies have the Gateway's name as a label.
        var proxies = PodGroup.Labelled("gateway", SegmentLabels.OwningGateway, platform.Project);
        return new()
        {
            Name = Name,
            Chart = s_chart,
            Namespace = platform.System.Name.Text,
            Traffic =
            [
                new Traffic.FromInternet(
                    proxies.On(new Port("10080")),
                    "Requests from outside arrive at the gateway's proxies: port 80 of the NodeBalancer is 10080 of the pod."
                ),
                new Traffic.FromApiServer(
                    PodGroup.Labelled("gateway-controller", "control-plane", "envoy-gateway").On(new Port("9443")),
                    "The API server asks Envoy Gateway where a proxy runs."
                ),
                new Traffic.ForwardsRequests(
                    proxies,
                    "The gateway forwards requests to pods of {0} that opt in.",
                    "Requests from outside arrive through the shared gateway, at pods that opt in."
                ),
                new Traffic.NeverToApiServer(new(null, LabelSelector.WithKey(SegmentLabels.OwningGateway))),
            ],
            Workloads = [s_controller, s_certificates, .. Proxies(gateway)],
            CustomResources =
            [
                new(["gateway.networking.k8s.io"], ["gatewayclasses", "gateways"], AccessRules.ReadAndWrite),
                new(["gateway.envoyproxy.io"], ["envoyproxies", "clienttrafficpolicies"], AccessRules.ReadAndWrite),
            ],
            Objects = [new("shared-gateway", InstallOrder.AfterCharts, gateway)],
            ScrapeTargets =
            [
                // Both kinds of pod name their port 19001 "metrics" (Envoy Gateway 1.9). The chart brings no monitor.
                PodMonitor(
                    platform,
                    "envoy-proxy",
                    "/stats/prometheus",
                    new() { ["app.kubernetes.io/managed-by"] = "envoy-gateway", ["app.kubernetes.io/component"] = "proxy" }
                ),
                PodMonitor(platform, "envoy-gateway", "/metrics", new() { ["control-plane"] = "envoy-gateway" }),
            ],
            Values = new()
            {
                // The chart installs the CRDs itself: Envoy Gateway's, and Gateway API 1.6 of the experimental channel. Our
                // objects use only what the standard channel has too (docs/adr/0018).
                ["crds"] = new JsonObject { ["enabled"] = true },
                ["podDisruptionBudget"] = new JsonObject { ["minAvailable"] = 1 },
                ["deployment"] = new JsonObject
                {
                    ["replicas"] = s_controller.Replicas,
                    ["envoyGateway"] = new JsonObject { ["resources"] = s_controller.Resources.ToJson() },
                    ["pod"] = new JsonObject
                    {
                        ["topologySpreadConstraints"] = PodPlacement.OneEachNode("control-plane", "envoy-gateway"),
                        ["nodeSelector"] = PodPlacement.NodeSelector(pool),
                        ["tolerations"] = PodPlacement.Tolerations(pool),
                    },
                },
                ["certgen"] = new JsonObject
                {
                    ["job"] = new JsonObject
                    {
                        ["resources"] = s_certificates.Resources.ToJson(),
                        ["nodeSelector"] = PodPlacement.NodeSelector(pool),
                        ["tolerations"] = PodPlacement.Tolerations(pool),
                    },
                },
            },
        };
    }

    private static IEnumerable<ServiceWorkload> Proxies(IReadOnlyList<JsonObject> gateway) =>
        gateway
            .Where(one => one["kind"]!.GetValue<string>() == "EnvoyProxy")
            .Select(proxy => new ServiceWorkload
            {
                Name = "gateway proxies",
                Replicas = ProxyReplicas,
                Resources = s_proxyResources,
                Sidecars = [s_shutdownManager],
                Values = new("envoyDeployment.pod")
                {
                    Root = proxy["spec"]!["provider"]!["kubernetes"]!.AsObject(),
                    Replicas = "envoyDeployment.replicas",
                    Resources = "envoyDeployment.container.resources",
                    Sidecars = ["envoyDeployment.patch.value.spec.template.spec.containers.0.resources"],
                    Budget = "envoyPDB",
                },
            });

    /// <summary>
    /// GatewayClass, EnvoyProxy, ClientTrafficPolicy, Gateway and the certificate issuer; none without an exposed environment,
    /// because Envoy Gateway refuses a Gateway without a listener.
    /// </summary>
    private static IReadOnlyList<JsonObject> Gateway(PlatformSpec platform)
    {
        if (!Exposed(platform).Any())
            return [];
        var (system, name, namespaceName) = (platform.System, platform.Project, platform.System.Name.Text);
        return
        [
            KubernetesObject.Of(
                "gateway.networking.k8s.io/v1",
                "GatewayClass",
                KubernetesObject.ClusterMetadata(platform, system, name),
                new JsonObject
                {
                    ["controllerName"] = Controller,
                    ["parametersRef"] = new JsonObject
                    {
                        ["group"] = "gateway.envoyproxy.io",
                        ["kind"] = "EnvoyProxy",
                        ["name"] = name,
                        ["namespace"] = namespaceName,
                    },
                }
            ),
            KubernetesObject.Of(
                "gateway.envoyproxy.io/v1alpha1",
                "EnvoyProxy",
                KubernetesObject.Metadata(platform, system, name),
                Proxy(platform)
            ),
            KubernetesObject.Of(
                "gateway.envoyproxy.io/v1alpha1",
                "ClientTrafficPolicy",
                KubernetesObject.Metadata(platform, system, name),
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
                    // The NodeBalancer passes the client's address with the PROXY protocol (NodeBalancer.Annotations).
                    ["proxyProtocol"] = new JsonObject { ["optional"] = false },
                }
            ),
            KubernetesObject.Of(
                "gateway.networking.k8s.io/v1",
                "Gateway",
                KubernetesObject.Metadata(platform, system, name),
                new JsonObject
                {
                    ["gatewayClassName"] = name,
                    // No ListenerSet is allowed yet: the policy own-host-names would limit it to its environment's names, but
                    // certificates are missing.
                    ["listeners"] = new JsonArray([.. Exposed(platform).Select(one => Listener(platform, one))]),
                }
            ),
            KubernetesObject.Of(
                "cert-manager.io/v1",
                "ClusterIssuer",
                KubernetesObject.ClusterMetadata(platform, system, Issuer),
                new JsonObject { ["acme"] = Acme(platform) }
            ),
        ];
    }

    private static JsonObject Listener(PlatformSpec platform, ApplicationEnvironmentSpec environment) =>
        new()
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
        };

    private static JsonObject Acme(PlatformSpec platform) =>
        new()
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
                            ["parentRefs"] = new JsonArray(
                                new JsonObject { ["name"] = platform.Project, ["namespace"] = platform.System.Name.Text }
                            ),
                            // The default is NodePort, and the quotas of the environments allow none: the order would never end.
                            ["serviceType"] = "ClusterIP",
                            // The pods that answer the challenge run in the environment, where the certificate is. Like all pods,
                            // they must opt in to requests from the gateway.
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
        };

    private static JsonObject Proxy(PlatformSpec platform)
    {
        var pool = platform.PoolOf(platform.System);
        return new()
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
                        ["annotations"] = NodeBalancer.Annotations(Labels.SharedTags(platform)),
                    },
                    ["envoyPDB"] = new JsonObject { ["minAvailable"] = 1 },
                    ["envoyDeployment"] = new JsonObject
                    {
                        ["replicas"] = ProxyReplicas,
                        ["container"] = new JsonObject { ["resources"] = s_proxyResources.ToJson() },
                        // No field sets the resources of this container: Envoy Gateway merges the patch into the Deployment that
                        // it makes. A strategic merge finds a container by its name.
                        ["patch"] = new JsonObject
                        {
                            ["type"] = "StrategicMerge",
                            ["value"] = new JsonObject
                            {
                                ["spec"] = new JsonObject
                                {
                                    ["template"] = new JsonObject
                                    {
                                        ["spec"] = new JsonObject
                                        {
                                            ["containers"] = new JsonArray(
                                                new JsonObject
                                                {
                                                    ["name"] = "shutdown-manager",
                                                    ["resources"] = s_shutdownManager.ToJson(),
                                                }
                                            ),
                                        },
                                    },
                                },
                            },
                        },
                        ["pod"] = new JsonObject
                        {
                            ["nodeSelector"] = PodPlacement.NodeSelector(pool),
                            ["tolerations"] = PodPlacement.Tolerations(pool),
                            ["topologySpreadConstraints"] = PodPlacement.OneEachNode(
                                SegmentLabels.OwningGateway,
                                platform.Project
                            ),
                        },
                    },
                },
            },
        };
    }

    private static JsonObject PodMonitor(PlatformSpec platform, string name, string path, JsonObject matchLabels) =>
        KubernetesObject.Of(
            "monitoring.coreos.com/v1",
            "PodMonitor",
            KubernetesObject.Metadata(platform, platform.System, name),
            new JsonObject
            {
                ["namespaceSelector"] = new JsonObject { ["matchNames"] = new JsonArray(platform.System.Name.Text) },
                ["selector"] = new JsonObject { ["matchLabels"] = matchLabels },
                ["podMetricsEndpoints"] = new JsonArray(new JsonObject { ["port"] = "metrics", ["path"] = path }),
            }
        );

    private static IEnumerable<ApplicationEnvironmentSpec> Exposed(PlatformSpec platform) =>
        platform.Applications.Where(environment => environment.Exposure is not null);
}
