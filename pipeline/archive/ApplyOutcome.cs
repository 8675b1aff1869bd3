namespace InfraCdktf.Pipeline.Archive;

/// <summary>How the state of an entry came to be.</summary>
public enum ApplyOutcome
{
    /// <summary>An apply that succeeded.</summary>
    Succeeded,

    /// <summary>An apply that failed or was stopped on its way: the state holds what it had made until then.</summary>
    Failed,

    /// <summary>A <c>destroy</c> that succeeded: nothing is left in the state.</summary>
    Destroyed,

    /// <summary>A <c>state restore</c>.</summary>
    Restored,

    /// <summary>A <c>rollback</c>.</summary>
    RolledBack,

    /// <summary>Found by <c>backup</c>: applied by other means, so how it went is not known.</summary>
    Backup,

    /// <summary>What a <c>state restore</c> is about to write over: kept, and nothing to go back to unless somebody names it.</summary>
    Replaced,

    /// <summary>The manifest cannot be read: this entry is broken.</summary>
    Unreadable,
}
