using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>
/// A live state that is missing, or empty and started again, although its stack was applied: an apply would create every object
/// again, and a destroy would find none.
/// </summary>
public static class MissingState
{
    /// <summary>
    /// Requires that a stack has a live state with its history, or that the archive knows no objects of it: it was never applied,
    /// or destroyed.
    /// </summary>
    /// <exception cref="PipelineException">The state is missing, or the archive cannot be read.</exception>
    public static async Task RequireNoneAsync(Workspace workspace, string stack, CancellationToken cancellation)
    {
        if (await FindAsync(workspace, stack, cancellation) is not { } lost)
            return;
        throw new PipelineException(
            $"stack {stack}: {lost.Fact}. An apply would create all of them a second time. Run \"{lost.Restore}\" first. If the "
                + "objects do not exist any more, the next deploy creates them."
        );
    }

    /// <summary>The fact that a live state is missing, and the command that restores it; null if it is not.</summary>
    /// <exception cref="PipelineException">The archive cannot be read.</exception>
    public static async Task<(string Fact, string Restore)?> FindAsync(
        Workspace workspace,
        string stack,
        CancellationToken cancellation
    )
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var state = LiveState.Of(buckets, workspace.Platform, stack);
        var exists = await state.ExistsAsync(cancellation);
        var live = exists ? LiveState.TryParse(await state.ReadAsync(cancellation)) : null;
        // Another check reports a state that cannot be read.
        if (exists && live is not { Objects.Count: 0 })
            return null;
        var entries = await ListAsync(workspace, buckets, stack, cancellation);
        if (live is null && entries is [var newest, ..] && !IsEmpty(newest))
        {
            return (
                $"its live state is missing, and the archive has {entries.Count} version(s) of it, the newest with "
                    + $"{newest.Manifest.Resources} object(s)",
                $"state restore {stack} {StateArchive.LastGood}"
            );
        }
        return Lost(entries, live?.Lineage) is { } lost
            ? (
                $"its live state is {(live is null ? "missing" : $"empty and has another lineage ({live.Lineage})")}, and "
                    + $"version {lost.Version} (lineage {lost.Manifest.Lineage}) has {lost.Manifest.Resources} object(s)",
                $"state restore {stack} {lost.Version} --force --reason TEXT"
            )
            : null;
    }

    /// <summary>
    /// The last version of another history than the live one that had objects, which exist twice or are in no state; null if
    /// there is none. A restore is a person's decision which history continues.
    /// </summary>
    /// <param name="entries">The stack's entries, newest first.</param>
    /// <param name="lineage">The lineage of the live state; null if there is none.</param>
    public static ArchiveEntry? Lost(IReadOnlyList<ArchiveEntry> entries, string? lineage)
    {
        var restored = entries
            .Where(entry => entry.Manifest.Outcome == ApplyOutcome.Restored)
            .Select(entry => entry.Manifest.Started)
            .DefaultIfEmpty(DateTimeOffset.MinValue)
            .Max();
        return entries
            .Where(entry => entry.Manifest.Outcome != ApplyOutcome.Unreadable && entry.Manifest.Lineage != lineage)
            .GroupBy(entry => entry.Manifest.Lineage, StringComparer.Ordinal)
            .Select(history => history.First())
            .FirstOrDefault(last => !IsEmpty(last) && last.Manifest.Started > restored);
    }

    private static async Task<IReadOnlyList<ArchiveEntry>> ListAsync(
        Workspace workspace,
        StateBuckets buckets,
        string stack,
        CancellationToken cancellation
    )
    {
        try
        {
            return await StateArchive.Of(workspace, buckets).ListAsync(stack, cancellation);
        }
        catch (StorageException exception)
        {
            throw new PipelineException(
                $"stack {stack}: it has no live state, and only the archive knows whether it was applied before: "
                    + $"{exception.Message} Nothing was created.",
                exception
            );
        }
    }

    /// <summary>True if an entry is readable and its state has no objects.</summary>
    public static bool IsEmpty(ArchiveEntry entry) => entry.Manifest is { Resources: 0, Outcome: not ApplyOutcome.Unreadable };
}
