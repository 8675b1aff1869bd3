namespace InfraCdktf.Pipeline.Reachability;

/// <summary>Everything that decides which connections are allowed in a cluster.</summary>
public sealed record Cluster
{
    /// <summary>
    /// The label with the name of the namespace; Kubernetes sets it on every namespace, and it cannot be changed.
    /// </summary>
    public const string NamespaceName = "kubernetes.io/metadata.name";

    /// <summary>The labels of the namespaces, by name.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Namespaces { get; init; }

    /// <summary>All policies.</summary>
    public required IReadOnlyList<NetworkPolicy> Policies { get; init; }

    /// <summary>Named ranges outside the cluster, such as the subnets of the data stores.</summary>
    public IReadOnlyDictionary<string, AddressBlock> Ranges { get; init; } = new Dictionary<string, AddressBlock>();

    /// <summary>The labels of a namespace: the given labels and the label with its name.</summary>
    public static IReadOnlyDictionary<string, string> LabelsOf(string name, IReadOnlyDictionary<string, string>? labels = null) =>
        new Dictionary<string, string>(labels ?? new Dictionary<string, string>()) { [NamespaceName] = name };
}
