namespace InfraCdktf.Environments.Model;

/// <summary>The access profiles. Their rules are ClusterRoles that the system stack defines once.</summary>
public enum AccessProfile
{
    /// <summary>Reads workloads, logs and events.</summary>
    Viewer,

    /// <summary>
    /// A viewer who may also delete pods so that they restart. For on-call engineers of the shared services: a person who can
    /// enter or change a pod there would have its rights.
    /// </summary>
    Restarter,

    /// <summary>A viewer who may also restart, scale and enter pods.</summary>
    Developer,

    /// <summary>For on-call engineers: changes all workloads of the environment, but no roles and no quotas.</summary>
    Operator,

    /// <summary>For a team's deployment workflow: applies workloads, nothing else.</summary>
    Deployer,

    /// <summary>Repairs the platform in an emergency. It cannot be granted: only break-glass has it, for one hour.</summary>
    PlatformAdmin,
}
