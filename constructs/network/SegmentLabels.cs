namespace InfraCdktf.Constructs.Network;

/// <summary>Labels by which a pod opts in to traffic. They are part of the hand-off to application teams.</summary>
public static class SegmentLabels
{
    /// <summary>"true" on pods that the gateway may reach.</summary>
    public const string FromGateway = "network.platform/from-gateway";

    /// <summary>
    /// "true" on pods that talk to the API server, in an environment whose inventory has an <c>ApiServerReason</c>.
    /// </summary>
    public const string ApiServer = "network.platform/api-server";

    /// <summary>
    /// "true" on pods that use one of the environment's outside destinations: <c>network.platform/to-{name}</c>.
    /// </summary>
    public static string Destination(string name) => $"network.platform/to-{name}";

    /// <summary>The name of the port that Prometheus scrapes.</summary>
    public const string MetricsPort = "metrics";

    /// <summary>The label that Envoy Gateway sets on the proxies of a Gateway; its value is the Gateway's name.</summary>
    public const string OwningGateway = "gateway.envoyproxy.io/owning-gateway-name";
}
