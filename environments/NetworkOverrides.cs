using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments;

/// <summary>
/// The recorded exceptions to the network policies. The platform team and the security team must review a change of this file
/// (CODEOWNERS). docs/network-overrides.md describes how an override is requested, approved and ended.
/// </summary>
public static class NetworkOverrides
{
    /// <summary>
    /// All proposed overrides and all in force. Remove a record after its last day: <c>plan</c> and <c>deploy</c> refuse an
    /// expired one.
    /// </summary>
    public static IReadOnlyList<NetworkOverride> All { get; } = [];
}
