namespace InfraCdktf.Pipeline.Reachability;

/// <summary>What decides who can reach whom in a cluster.</summary>
public sealed record Cluster
{
    /// <summary>The label by which Kubernetes itself gives every namespace its name; nobody can change it.</summary>
    public const string NamespaceName = "kubernetes.io/metadata.name";

    /// <summary>The labels of the namespaces, by name.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Namespaces { get; init; }

    /// <summary>All policies.</summary>
    public required IReadOnlyList<NetworkPolicy> Policies { get; init; }

    /// <summary>Ranges outside of the cluster that have a name, such as the subnets of the data stores.</summary>
    public IReadOnlyDictionary<string, AddressBlock> Ranges { get; init; } = new Dictionary<string, AddressBlock>();

    /// <summary>The labels of a namespace: those given, and the one of its name.</summary>
    public static IReadOnlyDictionary<string, string> LabelsOf(string name, IReadOnlyDictionary<string, string>? labels = null) =>
        new Dictionary<string, string>(labels ?? new Dictionary<string, string>()) { [NamespaceName] = name };
}
