namespace InfraCdktf.Constructs.Network;

/// <summary>
/// One kind of traffic that a namespace allows on top of its default deny. Each becomes one NetworkPolicy, so a reader of the cluster finds
/// the same names as a reader of the code. <see cref="Segment"/> makes them, in the words of intent.
/// </summary>
public sealed record Flow
{
    /// <summary>A DNS-1123 label; the policy is named <c>allow-{Name}</c>, and its state address ends in it.</summary>
    public required string Name { get; init; }

    /// <summary>Why it is allowed; an annotation of the policy.</summary>
    public required string Reason { get; init; }

    /// <summary>Seen from the pods that the flow is about.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The pods it is about.</summary>
    public LabelSelector Pods { get; init; } = LabelSelector.All;

    /// <summary>Who may be at the other end. Empty means anyone, and is only for what the outside must reach.</summary>
    public IReadOnlyList<Peer> Peers { get; init; } = [];

    /// <summary>On which ports of the receiving pod. Empty means all.</summary>
    public IReadOnlyList<Port> Ports { get; init; } = [];

    /// <summary>What else the policy says about itself, beside the reason.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}

/// <summary>Which end of a connection a flow speaks for.</summary>
public enum Direction
{
    /// <summary>Connections to the pods.</summary>
    Ingress,

    /// <summary>Connections from the pods.</summary>
    Egress,
}

/// <summary>The other end of a flow: pods in namespaces, or addresses.</summary>
public abstract record Peer
{
    /// <summary>Pods with all of <paramref name="Pods"/> in namespaces with all of <paramref name="Namespaces"/>.</summary>
    /// <param name="Namespaces">Labels of the namespace.</param>
    /// <param name="Pods">Labels of the pods; empty for all.</param>
    public sealed record InNamespaces(IReadOnlyDictionary<string, string> Namespaces, IReadOnlyDictionary<string, string> Pods)
        : Peer;

    /// <summary>Addresses outside of the cluster.</summary>
    /// <param name="Range">The range.</param>
    /// <param name="Except">Ranges inside it that are left out.</param>
    public sealed record Addresses(string Range, IReadOnlyList<string> Except) : Peer;

    /// <summary>Pods of every namespace of an environment; all of them when none are named.</summary>
    public static Peer Environment(string environment, IReadOnlyDictionary<string, string>? pods = null) =>
        new InNamespaces(
            new Dictionary<string, string> { ["environment"] = environment },
            pods ?? new Dictionary<string, string>()
        );

    /// <summary>Pods of one namespace, by the label that Kubernetes itself gives each namespace; all of them when none are named.</summary>
    public static Peer Namespace(string name, IReadOnlyDictionary<string, string>? pods = null) =>
        new InNamespaces(
            new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = name },
            pods ?? new Dictionary<string, string>()
        );

    /// <summary>The public Internet: everything but private and link-local ranges, so that it never means another environment.</summary>
    public static Peer Internet() =>
        new Addresses("0.0.0.0/0", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"]);
}

/// <summary>A port of the receiving pod.</summary>
/// <param name="Number">A number ("53"), or on ingress the name that the pod gives it ("metrics"); never a name on egress: Cilium drops
/// the whole rule once two pods give the name different numbers (cilium/cilium#30003).</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="End">The last port of a range that starts at <paramref name="Number"/>.</param>
public sealed record Port(string Number, string Protocol = "TCP", int? End = null);

/// <summary>Labels by which a pod asks for a flow. Part of the hand-off to application teams.</summary>
public static class SegmentLabels
{
    /// <summary>"true" on pods that the gateway may reach.</summary>
    public const string FromGateway = "network.platform/from-gateway";

    /// <summary>"true" on pods that use the environment's data store, through its pooler.</summary>
    public const string DataStore = "network.platform/datastore";

    /// <summary>"true" on the pods of the pooler, which alone reach the database itself.</summary>
    public const string Pooler = "network.platform/datastore-pooler";

    /// <summary>"true" on pods of <c>system</c> that take in traces and logs.</summary>
    public const string Collector = "network.platform/collector";

    /// <summary>"true" on pods that talk to the API server, in an environment whose inventory says why.</summary>
    public const string ApiServer = "network.platform/api-server";

    /// <summary>"true" on pods that use one of the environment's outside destinations: <c>network.platform/to-{name}</c>.</summary>
    public static string Destination(string name) => $"network.platform/to-{name}";

    /// <summary>The name of the port that Prometheus scrapes.</summary>
    public const string MetricsPort = "metrics";

    /// <summary>The label that Envoy Gateway gives the proxies of a Gateway, with the Gateway's name as its value.</summary>
    public const string OwningGateway = "gateway.envoyproxy.io/owning-gateway-name";
}
