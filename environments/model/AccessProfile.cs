namespace InfraCdktf.Environments.Model;

/// <summary>The access profiles. Their rules are ClusterRoles that the system stack defines once.</summary>
public enum AccessProfile
{
    /// <summary>Reads workloads, logs and events.</summary>
    Viewer,

    /// <summary>A viewer who may also have pods started anew: on call for the shared services, where whoever looks into a pod, or changes one,
    /// holds its rights.</summary>
    Restarter,

    /// <summary>A viewer who may also restart, scale and look into pods.</summary>
    Developer,

    /// <summary>On call: all workloads of the environment, no roles and no quotas.</summary>
    Operator,

    /// <summary>A team's deployment workflow: applies workloads, nothing else.</summary>
    Deployer,

    /// <summary>Mends the platform when nothing else can. Never granted: break-glass alone has it, for an hour.</summary>
    PlatformAdmin,
}
