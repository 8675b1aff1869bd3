using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>The traffic that an override allows.</summary>
public abstract record OverrideScope
{
    /// <summary>From pods to pods of another namespace: one policy at each end.</summary>
    /// <param name="From">The source.</param>
    /// <param name="To">The destination.</param>
    /// <param name="Ports">The ports of the destination.</param>
    public sealed record Pods(OverridePods From, OverridePods To, IReadOnlyList<PortRange> Ports) : OverrideScope;

    /// <summary>From pods to addresses outside the cluster: one policy.</summary>
    /// <param name="From">The source.</param>
    /// <param name="To">The destination: public addresses.</param>
    /// <param name="Ports">The ports of the destination.</param>
    public sealed record Outside(OverridePods From, Cidr To, IReadOnlyList<PortRange> Ports) : OverrideScope;

    /// <summary>From addresses to the nodes: one rule of the Cloud Firewall.</summary>
    /// <param name="From">The source.</param>
    /// <param name="Ports">The ports of the nodes, all of one protocol.</param>
    public sealed record Nodes(Cidr From, IReadOnlyList<PortRange> Ports) : OverrideScope;

    /// <summary>From addresses to the API server: one entry of the control plane's allow-list.</summary>
    /// <param name="From">The source.</param>
    public sealed record ControlPlane(Cidr From) : OverrideScope;
}
