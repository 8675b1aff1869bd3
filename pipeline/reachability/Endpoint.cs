using System.Net;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>Who can be at an end of a connection.</summary>
public abstract record Endpoint
{
    /// <summary>How it is called in an answer; a pod's is "namespace/name".</summary>
    public abstract string Title { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => Title;
}

/// <summary>A pod.</summary>
public sealed record Pod : Endpoint
{
    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name; a pod of the same namespace and name is this pod.</summary>
    public required string Name { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The ports that its containers declare. Only names matter: a port that is not declared can be connected to all the same.
    /// </summary>
    public IReadOnlyList<ContainerPort> Ports { get; init; } = [];

    /// <summary>
    /// True when it uses its node's network. What policies do to it is undefined; the documentation's "most common" behaviour is taken: its
    /// traffic is the node's, so no policy selects it and no selector of a peer matches it.
    /// </summary>
    public bool HostNetwork { get; init; }

    /// <summary>
    /// Its address, where an ipBlock shall be able to match it, as on Calico; null where none can: Cilium matches ranges only against what
    /// is no pod, and the documentation says that ranges should be outside of the cluster, because pods' addresses do not last.
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

/// <summary>Addresses outside of the cluster. They can reach, and be reached, as soon as one of them can.</summary>
/// <param name="Name">What they are called.</param>
/// <param name="Block">The addresses.</param>
public sealed record Outside(string Name, AddressBlock Block) : Endpoint
{
    /// <inheritdoc/>
    public override string Title => Name;
}

/// <summary>A machine of the cluster itself: a node or the API server.</summary>
/// <param name="Entity">What Cilium calls it.</param>
/// <param name="Address">Its address, where an ipBlock can match it (Calico); null where only an entity can (Cilium).</param>
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

/// <summary>Cilium's spelling.</summary>
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
