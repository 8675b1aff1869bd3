using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments;

/// <summary>
/// The recorded exceptions to the platform's walls. A change here needs the eyes of the platform's and of the security team (CODEOWNERS);
/// docs/network-overrides.md says how one is asked for, approved and ended.
/// </summary>
public static class NetworkOverrides
{
    /// <summary>All that are proposed or in force. One whose last day is past is removed: until then nothing is planned or deployed.</summary>
    public static IReadOnlyList<NetworkOverride> All { get; } = [];
}
