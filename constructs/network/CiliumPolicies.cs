using Constructs;
using InfraCdktf.Constructs.Kubernetes;

namespace InfraCdktf.Constructs.Network;

/// <summary>
/// The CiliumNetworkPolicies of one namespace (<see cref="CiliumPolicy"/>), for traffic that a NetworkPolicy cannot express.
/// </summary>
public sealed class CiliumPolicies : Manifests
{
    /// <summary>Creates the policies.</summary>
    public CiliumPolicies(Construct scope, string id, ManifestSetProps props)
        : base(scope, id, props) { }
}
