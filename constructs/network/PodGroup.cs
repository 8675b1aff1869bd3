namespace InfraCdktf.Constructs.Network;

/// <summary>Pods of a namespace by the role they play there.</summary>
/// <param name="Name">What the role is called in the names of policies; null when it is every pod.</param>
/// <param name="Pods">How its pods are known.</param>
public sealed record PodGroup(string? Name, LabelSelector Pods)
{
    /// <summary>Every pod of the namespace.</summary>
    public static PodGroup Everyone { get; } = new(null, LabelSelector.All);

    /// <summary>The ports on which it is reached. Empty means all.</summary>
    public IReadOnlyList<Port> Ports { get; init; } = [];

    /// <summary>The same role, reached on these ports alone.</summary>
    public PodGroup On(params IReadOnlyList<Port> ports) => this with { Ports = ports };
}
