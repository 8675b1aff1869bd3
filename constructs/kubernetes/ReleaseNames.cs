namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>
/// The Helm releases in an environment's namespaces. The admission policy <c>platform-objects</c> refuses every other release
/// record there, so a new release of an environment's stack needs an entry here.
/// </summary>
public static class ReleaseNames
{
    /// <summary>CiliumNetworkPolicies.</summary>
    public const string CiliumPolicies = "cilium-policies";

    /// <summary>The isolation probe.</summary>
    public const string IsolationProbe = "isolation-probe";

    /// <summary>Recording rules and alerts.</summary>
    public const string Alerts = "alerts";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> OfEnvironments { get; } = [CiliumPolicies, IsolationProbe, Alerts];
}
