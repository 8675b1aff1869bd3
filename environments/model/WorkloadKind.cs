namespace InfraCdktf.Environments.Model;

/// <summary>The Kubernetes objects that create the pods of a shared service.</summary>
public enum WorkloadKind
{
    /// <summary>A number of equal pods. A rolling update starts one pod more before it stops an old one.</summary>
    Deployment,

    /// <summary>A number of pods with names of their own. An update stops a pod before it starts its successor.</summary>
    StatefulSet,

    /// <summary>One pod on each node. The platform runs them in the namespace of the agents.</summary>
    DaemonSet,
}
