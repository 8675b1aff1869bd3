namespace InfraCdktf.Environments.Model;

/// <summary>The Pod Security Standards (kubernetes.io/docs/concepts/security/pod-security-standards).</summary>
public enum PodSecurityLevel
{
    /// <summary>Hardened; what application workloads run under.</summary>
    Restricted,

    /// <summary>Prevents known privilege escalations; only where the inventory records why.</summary>
    Baseline,

    /// <summary>No restriction; only for agents of the platform that need the node.</summary>
    Privileged,
}
