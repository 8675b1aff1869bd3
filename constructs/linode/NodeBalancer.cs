using System.Text.Json.Nodes;

namespace InfraCdktf.Constructs.Linode;

/// <summary>
/// The annotations by which a Service of type LoadBalancer configures its NodeBalancer (Linode's cloud controller manager).
/// </summary>
public static class NodeBalancer
{
    private const string Prefix = "service.beta.kubernetes.io/linode-loadbalancer-";

    /// <summary>A TCP NodeBalancer that passes the client's address with the PROXY protocol, version 2.</summary>
    /// <param name="tags">Linode tags of the NodeBalancer.</param>
    public static JsonObject Annotations(IReadOnlyList<string> tags) =>
        new()
        {
            [$"{Prefix}default-protocol"] = "tcp",
            [$"{Prefix}default-proxy-protocol"] = "v2",
            // Linode's documents give two different defaults; 0 means no throttle.
            [$"{Prefix}throttle"] = "0",
            // With an address in the Service's status, Cilium and kube-proxy send traffic from pods to that address straight to
            // the proxies, without the PROXY header that the proxies require: cert-manager's check of its own answers would fail.
            [$"{Prefix}hostname-only-ingress"] = "true",
            // A Service that is deleted by mistake does not delete its NodeBalancer. A new Service takes over the NodeBalancer,
            // and with it the address in DNS, by the annotation nodebalancer-id.
            [$"{Prefix}preserve"] = "true",
            [$"{Prefix}tags"] = string.Join(',', tags),
        };
}
