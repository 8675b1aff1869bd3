namespace InfraCdktf.Pipeline.Plan;

/// <summary>The objects that decide who may do what, and which connections are allowed.</summary>
internal static class SecurityKinds
{
    private static readonly HashSet<string> s_types = ["linode_firewall", "linode_lock"];

    private static readonly HashSet<string> s_kinds =
    [
        "NetworkPolicy",
        "CiliumNetworkPolicy",
        "CiliumClusterwideNetworkPolicy",
        "Role",
        "ClusterRole",
        "RoleBinding",
        "ClusterRoleBinding",
        "ServiceAccount",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "MutatingWebhookConfiguration",
    ];

    /// <summary>True for such an object.</summary>
    public static bool Has(ResourceChange change) =>
        s_types.Contains(change.Type) || (change.Kind is { } kind && s_kinds.Contains(kind));
}
