using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>What an override opens.</summary>
public abstract record OverrideScope
{
    /// <summary>Pods reach pods of another namespace: one policy at each end.</summary>
    /// <param name="From">Who connects.</param>
    /// <param name="To">Who receives.</param>
    /// <param name="Ports">On which ports.</param>
    public sealed record Pods(OverridePods From, OverridePods To, IReadOnlyList<PortRange> Ports) : OverrideScope;

    /// <summary>Pods reach addresses outside: one policy.</summary>
    /// <param name="From">Who connects.</param>
    /// <param name="To">Where to; public addresses.</param>
    /// <param name="Ports">On which ports.</param>
    public sealed record Outside(OverridePods From, Cidr To, IReadOnlyList<PortRange> Ports) : OverrideScope;

    /// <summary>Addresses reach the nodes: one rule of the Cloud Firewall.</summary>
    /// <param name="From">Who connects.</param>
    /// <param name="Ports">On which ports, all of one protocol.</param>
    public sealed record Nodes(Cidr From, IReadOnlyList<PortRange> Ports) : OverrideScope;

    /// <summary>Addresses reach the API server: one entry of the control plane's list.</summary>
    /// <param name="From">Who connects.</param>
    public sealed record ControlPlane(Cidr From) : OverrideScope;
}
