namespace InfraCdktf.Environments;

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

/// <summary>What a broken rule leads to where it does not refuse.</summary>
public enum Leniency
{
    /// <summary>The object is accepted; who sent it is warned, and the audit log notes it.</summary>
    Warn,

    /// <summary>The rule is not asked.</summary>
    Off,
}

/// <summary>A rule that does not refuse in an environment.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Leniency">What it does instead.</param>
/// <param name="Reason">Why; where the rule warns, an annotation of its binding.</param>
public sealed record AdmissionException(WorkloadRule Rule, Leniency Leniency, string Reason);

/// <summary>Limits that admission puts on tokens.</summary>
public static class TokenLimits
{
    /// <summary>The longest that a token of a person or a workflow may live: one working day.</summary>
    public const int LongestHours = 12;
}
