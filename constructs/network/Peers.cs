using System.Globalization;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Network;

/// <summary>Who segments name at their other end. Each is written once: what one namespace lets in is what the other lets out.</summary>
public static class Peers
{
    /// <summary>OTLP over gRPC and over HTTP (opentelemetry.io, OTLP specification).</summary>
    private static readonly IReadOnlyList<Port> s_otlp = [new("4317"), new("4318")];

    /// <summary>The gateway's proxies: they carry its name.</summary>
    public static IReadOnlyDictionary<string, string> Proxies(PlatformSpec platform) =>
        new Dictionary<string, string> { [SegmentLabels.OwningGateway] = platform.Project };

    /// <summary>Pods by the label that charts give them.</summary>
    public static IReadOnlyDictionary<string, string> App(string name) =>
        new Dictionary<string, string> { ["app.kubernetes.io/name"] = name };

    /// <summary>Pods that take in traces and logs, and their ports.</summary>
    public static PodGroup Collector { get; } =
        new("collector", LabelSelector.With(SegmentLabels.Collector, "true")) { Ports = s_otlp };

    /// <summary>The gateway's proxies, seen from an environment.</summary>
    public static Peer Gateway(PlatformSpec platform) => InSystem(platform, "gateway", Proxies(platform));

    /// <summary>Prometheus, seen from an environment.</summary>
    public static Peer Prometheus(PlatformSpec platform) => InSystem(platform, "prometheus", App("prometheus"));

    /// <summary>The collectors, seen from an environment.</summary>
    public static Peer Collectors(PlatformSpec platform) =>
        InSystem(platform, "collector", Collector.Pods.Labels) with
        {
            Ports = s_otlp,
        };

    /// <summary>Pods of an environment that ask to be reached through the gateway, seen from system.</summary>
    public static Peer Exposed(EnvironmentSpec environment) =>
        new(
            environment.Name.Text,
            [PeerSelector.Environment(environment.Name.Text, new Dictionary<string, string> { [SegmentLabels.FromGateway] = "true" })]
        );

    /// <summary>
    /// What Prometheus scrapes in an environment: the pods themselves let it in at the port they name "metrics" alone, and here its number is
    /// one that the inventory allows, because on egress no port may be named (<see cref="Port"/>).
    /// </summary>
    public static Peer Scraped(PlatformSpec platform, EnvironmentSpec environment) =>
        Everyone(environment) with
        {
            Ports = [.. platform.MetricsPorts.Select(port => new Port(port.ToString(CultureInfo.InvariantCulture)))],
        };

    /// <summary>Every pod of an environment.</summary>
    public static Peer Everyone(EnvironmentSpec environment) =>
        new(environment.Name.Text, [PeerSelector.Environment(environment.Name.Text)]);

    /// <summary>The public Internet.</summary>
    public static Peer Internet(params IReadOnlyList<Port> ports) => new("internet", [PeerSelector.Internet()]) { Ports = ports };

    /// <summary>
    /// The API server where Calico enforces policies: it has no fixed address on the standard tier, so its ports are all that can be named.
    /// </summary>
    public static Peer ApiServerOnCalico { get; } =
        new("api-server", [new PeerSelector.Addresses("0.0.0.0/0", [])]) { Ports = [new("443"), new("6443")] };

    private static Peer InSystem(PlatformSpec platform, string name, IReadOnlyDictionary<string, string> pods) =>
        new(name, [PeerSelector.Namespace(platform.System.Name.Text, pods)]);
}
