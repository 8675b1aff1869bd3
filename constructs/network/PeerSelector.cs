namespace InfraCdktf.Constructs.Network;

/// <summary>The pods or addresses at the other end of an allow rule.</summary>
public abstract record PeerSelector
{
    /// <summary>Pods with all of <paramref name="Pods"/> in namespaces with all of <paramref name="Namespaces"/>.</summary>
    /// <param name="Namespaces">Labels of the namespace.</param>
    /// <param name="Pods">Labels of the pods; empty for all.</param>
    public sealed record InNamespaces(IReadOnlyDictionary<string, string> Namespaces, IReadOnlyDictionary<string, string> Pods)
        : PeerSelector;

    /// <summary>Addresses outside the cluster.</summary>
    /// <param name="Range">The range.</param>
    /// <param name="Except">Ranges inside it that are excluded.</param>
    public sealed record Addresses(string Range, IReadOnlyList<string> Except) : PeerSelector;

    /// <summary>Pods in any namespace of an environment; all pods if no labels are given.</summary>
    public static PeerSelector Environment(string environment, IReadOnlyDictionary<string, string>? pods = null) =>
        new InNamespaces(
            new Dictionary<string, string> { ["environment"] = environment },
            pods ?? new Dictionary<string, string>()
        );

    /// <summary>
    /// Pods of one namespace, selected by the label that Kubernetes sets on every namespace; all pods if no labels are given.
    /// </summary>
    public static PeerSelector Namespace(string name, IReadOnlyDictionary<string, string>? pods = null) =>
        new InNamespaces(
            new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = name },
            pods ?? new Dictionary<string, string>()
        );

    /// <summary>
    /// The public Internet: all addresses except private and link-local ranges, so that it never includes another environment.
    /// </summary>
    public static Addresses Internet() =>
        new Addresses("0.0.0.0/0", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"]);
}
