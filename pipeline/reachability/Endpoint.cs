using System.Net;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>One end of a connection.</summary>
public abstract record Endpoint
{
    /// <summary>Its name in answers; for a pod "namespace/name".</summary>
    public abstract string Title { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => Title;
}

/// <summary>A pod.</summary>
public sealed record Pod : Endpoint
{
    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name; two pods with the same namespace and name are the same pod.</summary>
    public required string Name { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The ports that its containers declare. Only their names matter: a connection to an undeclared port is also possible.
    /// </summary>
    public IReadOnlyList<ContainerPort> Ports { get; init; } = [];

    /// <summary>
    /// True if it uses its node's network. Kubernetes does not define the effect of policies on such a pod; this code uses the
    /// behaviour that the documentation calls "most common": its traffic is the node's traffic, so no policy selects it and no
    /// peer selector matches it.
    /// </summary>
    public bool HostNetwork { get; init; }

    /// <summary>
    /// Its address, if an ipBlock can match it, as on Calico; null if none can: Cilium matches ranges only against endpoints that
    /// are not pods. The documentation recommends ranges outside the cluster, because addresses of pods change.
    /// </summary>
    public IPAddress? Address { get; init; }

    /// <inheritdoc/>
    public override string Title => $"{Namespace}/{Name}";
}

/// <summary>A port that a container declares.</summary>
/// <param name="Number">1-65535.</param>
/// <param name="Name">Its name; null for none.</param>
/// <param name="Protocol">Its protocol.</param>
public sealed record ContainerPort(int Number, string? Name = null, Protocol Protocol = Protocol.Tcp);

/// <summary>Addresses outside the cluster. A connection is allowed if it is allowed for at least one of them.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Block">The addresses.</param>
public sealed record Outside(string Name, AddressBlock Block) : Endpoint
{
    /// <inheritdoc/>
    public override string Title => Name;
}

/// <summary>A machine of the cluster: a node or the API server.</summary>
/// <param name="Entity">Its Cilium entity.</param>
/// <param name="Address">Its address, if an ipBlock can match it (Calico); null if only an entity can (Cilium).</param>
public sealed record Machine(Entity Entity, IPAddress? Address = null) : Endpoint
{
    /// <inheritdoc/>
    public override string Title => Entity.Name();
}

/// <summary>Machines that a CiliumNetworkPolicy can name.</summary>
public enum Entity
{
    /// <summary>The API server.</summary>
    KubeApiServer,

    /// <summary>The node that the pod runs on.</summary>
    Host,

    /// <summary>Any other node.</summary>
    RemoteNode,
}

/// <summary>The names of the entities in Cilium.</summary>
public static class Entities
{
    /// <summary>"kube-apiserver", "host" or "remote-node".</summary>
    public static string Name(this Entity entity) =>
        entity switch
        {
            Entity.KubeApiServer => "kube-apiserver",
            Entity.Host => "host",
            _ => "remote-node",
        };
}
