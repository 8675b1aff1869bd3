namespace InfraCdktf.Constructs.Network;

/// <summary>Pods of a namespace that share their traffic.</summary>
/// <param name="Name">The group's name in the names of policies; null for all pods.</param>
/// <param name="Pods">The selector of its pods.</param>
public sealed record PodGroup(string? Name, LabelSelector Pods)
{
    /// <summary>Every pod of the namespace.</summary>
    public static PodGroup Everyone { get; } = new(null, LabelSelector.All);

    /// <summary>The ports on which the pods receive. Empty means all.</summary>
    public IReadOnlyList<Port> Ports { get; init; } = [];

    /// <summary>The pods with the label <c>app.kubernetes.io/name</c>, which charts set.</summary>
    public static PodGroup App(string name, params IReadOnlyList<Port> ports) => Labelled(name, AppLabel, name).On(ports);

    /// <summary>The pods with one label.</summary>
    public static PodGroup Labelled(string name, string label, string value) => new(name, LabelSelector.With(label, value));

    /// <summary>The same pods, but received traffic is limited to these ports.</summary>
    public PodGroup On(params IReadOnlyList<Port> ports) => this with { Ports = ports };

    /// <summary>The same pods as the other end of a rule in another namespace.</summary>
    /// <param name="namespaceName">The namespace of the pods.</param>
    public Peer In(string namespaceName) =>
        new(Name ?? namespaceName, [PeerSelector.Namespace(namespaceName, Pods.Labels)]) { Ports = Ports };

    private const string AppLabel = "app.kubernetes.io/name";
}
