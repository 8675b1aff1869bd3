namespace InfraCdktf.Environments.Model;

/// <summary>
/// The admission rules about workloads. An environment can have an exception (<see cref="AdmissionException"/>). The admission
/// rules about access (allowed writers, allowed roles) are not in this list: they have no exceptions.
/// </summary>
public enum WorkloadRule
{
    /// <summary>Images name a version or a digest.</summary>
    PinnedImages,

    /// <summary>Images come from the registries of the environment (<see cref="EnvironmentSpec.ImageRegistries"/>).</summary>
    AllowedRegistries,

    /// <summary>Workloads and their pods have the labels owner and environment.</summary>
    OwnedWorkloads,

    /// <summary>Containers set requests and limits.</summary>
    BoundedContainers,

    /// <summary>Pods name no priority class: environments share nodes.</summary>
    CommonPriority,

    /// <summary>Claims name an encrypted storage class.</summary>
    EncryptedStorage,

    /// <summary>Pods mount no token for the Kubernetes API, unless they request one.</summary>
    NoMountedTokens,

    /// <summary>Routes and listeners have host names of the environment's own domain.</summary>
    OwnHostNames,

    /// <summary>Pods run on the pool of their environment: they tolerate no other pool's taint and name no node.</summary>
    OwnPool,

    /// <summary>Services have no external addresses.</summary>
    NoExternalAddresses,
}
