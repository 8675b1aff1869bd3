namespace InfraCdktf.Environments.Model;

/// <summary>The Pod Security Standards (kubernetes.io/docs/concepts/security/pod-security-standards).</summary>
public enum PodSecurityLevel
{
    /// <summary>Hardened: the level of application workloads.</summary>
    Restricted,

    /// <summary>Prevents known privilege escalations; only with a recorded reason.</summary>
    Baseline,

    /// <summary>No restriction: only for agents of the platform that need the node.</summary>
    Privileged,
}
