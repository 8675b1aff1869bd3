namespace InfraCdktf.Constructs.Network;

/// <summary>
/// One kind of traffic that a namespace allows on top of its default deny, in the words of intent. Each becomes one NetworkPolicy, so a
/// reader of the cluster finds the same names as a reader of the code.
/// </summary>
public sealed record Flow
{
    /// <summary>A DNS-1123 label; the policy is named <c>allow-{Name}</c>, and its state address ends in it.</summary>
    public required string Name { get; init; }

    /// <summary>Why it is allowed; an annotation of the policy.</summary>
    public required string Reason { get; init; }

    /// <summary>Seen from the pods that the flow is about.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The pods it is about: every label must match; none given means every pod of the namespace.</summary>
    public IReadOnlyDictionary<string, string> Pods { get; init; } = NoLabels;

    /// <summary>Who may be at the other end. Empty means anyone, and is only for what the outside must reach.</summary>
    public IReadOnlyList<Peer> Peers { get; init; } = [];

    /// <summary>On which ports of the receiving pod. Empty means all.</summary>
    public IReadOnlyList<Port> Ports { get; init; } = [];

    /// <summary>A selector that matches everything.</summary>
    public static IReadOnlyDictionary<string, string> NoLabels { get; } = new Dictionary<string, string>();
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

    /// <summary>Every pod of every namespace of an environment.</summary>
    public static Peer Environment(string environment) =>
        new InNamespaces(new Dictionary<string, string> { ["environment"] = environment }, Flow.NoLabels);

    /// <summary>Pods of one namespace, by the label that Kubernetes itself gives each namespace.</summary>
    public static Peer Namespace(string name, IReadOnlyDictionary<string, string>? pods = null) =>
        new InNamespaces(new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = name }, pods ?? Flow.NoLabels);

    /// <summary>The public Internet: everything but private and link-local ranges, so that it never means another environment.</summary>
    public static Peer Internet() =>
        new Addresses("0.0.0.0/0", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"]);
}

/// <summary>A port of the receiving pod.</summary>
/// <param name="Number">A number ("53"), or on ingress the name that the pod gives it ("metrics"); never a name on egress.</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="End">The last port of a range that starts at <paramref name="Number"/>.</param>
public sealed record Port(string Number, string Protocol = "TCP", int? End = null);

/// <summary>Labels by which a pod asks for a flow. Part of the hand-off to application teams.</summary>
public static class SegmentLabels
{
    /// <summary>"true" on pods that the gateway may reach.</summary>
    public const string FromGateway = "network.platform/from-gateway";

    /// <summary>"true" on pods that use the environment's data store.</summary>
    public const string DataStore = "network.platform/datastore";

    /// <summary>The name of the port that Prometheus scrapes.</summary>
    public const string MetricsPort = "metrics";

    /// <summary>The label that Envoy Gateway gives the proxies of a Gateway, with the Gateway's name as its value.</summary>
    public const string OwningGateway = "gateway.envoyproxy.io/owning-gateway-name";
}
