using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>A live state that is missing although its stack was applied: an apply would create every object again.</summary>
public static class MissingState
{
    /// <summary>
    /// Requires that a stack has a live state, or that the archive knows no objects of it: it was never applied, or destroyed.
    /// </summary>
    /// <exception cref="PipelineException">The state is missing, or the archive cannot be read.</exception>
    public static async Task RequireNoneAsync(Workspace workspace, string stack, CancellationToken cancellation)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        if (await LiveState.Of(buckets, workspace.Platform, stack).ExistsAsync(cancellation))
            return;
        var entries = await ListAsync(workspace, buckets, stack, cancellation);
        if (entries is not [var newest, ..] || IsEmpty(newest))
            return;
        throw new PipelineException(
            $"stack {stack}: its live state is missing, and the archive has {entries.Count} version(s) of it, the newest with "
                + $"{newest.Manifest.Resources} object(s). An apply would create all of them a second time. Run \"state restore "
                + $"{stack} {StateArchive.LastGood}\" first. If the objects do not exist any more, the next deploy creates them."
        );
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
