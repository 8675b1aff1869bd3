namespace InfraCdktf.Environments.Model;

/// <summary>
/// The admission rules about what workloads may look like, which an environment may be excused from. The rules about access (who may write
/// where, which roles there may be) are none of these: nobody is excused from them.
/// </summary>
public enum WorkloadRule
{
    /// <summary>Images name a version or a digest.</summary>
    PinnedImages,

    /// <summary>Workloads and their pods bear owner and environment.</summary>
    OwnedWorkloads,

    /// <summary>Containers set requests and limits.</summary>
    BoundedContainers,

    /// <summary>Pods name no priority class: environments share nodes.</summary>
    CommonPriority,

    /// <summary>Claims name an encrypted storage class.</summary>
    EncryptedStorage,

    /// <summary>Pods carry no token for the Kubernetes API, unless they ask for one.</summary>
    NoMountedTokens,

    /// <summary>Routes and listeners name hosts of the environment's own domain.</summary>
    OwnHostNames,

    /// <summary>Pods run on the pool of their environment: they tolerate no other pool's taint and name no node.</summary>
    OwnPool,

    /// <summary>Services have no external addresses.</summary>
    NoExternalAddresses,
}
