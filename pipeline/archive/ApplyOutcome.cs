namespace InfraCdktf.Pipeline.Archive;

/// <summary>The operation that produced the state of an entry, and its result.</summary>
public enum ApplyOutcome
{
    /// <summary>An apply that succeeded.</summary>
    Succeeded,

    /// <summary>An apply that failed or was stopped. The state contains what it had created until then.</summary>
    Failed,

    /// <summary>A <c>destroy</c> that succeeded. The state has no objects.</summary>
    Destroyed,

    /// <summary>A <c>state restore</c>.</summary>
    Restored,

    /// <summary>A <c>rollback</c>.</summary>
    RolledBack,

    /// <summary>
    /// A state that <c>backup</c> found. It was applied by other means, so the result of that apply is not known.
    /// </summary>
    Backup,

    /// <summary>A state that a <c>state restore</c> replaces. It is kept, but <c>last-good</c> never selects it.</summary>
    Replaced,

    /// <summary>The manifest cannot be read, so the entry is damaged.</summary>
    Unreadable,
}
