using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Constructs.Linode;

/// <summary>The ranges in the control plane's access list.</summary>
public static class ControlPlaneRanges
{
    /// <summary>The networks of the inventory, then the recorded overrides.</summary>
    public static IReadOnlyList<Cidr> For(PlatformSpec platform) =>
        [
            .. platform.ControlPlaneAccess.Select(network => network.Range),
            .. platform.Overrides.Select(one => one.Scope).OfType<OverrideScope.ControlPlane>().Select(plane => plane.From),
        ];
}
