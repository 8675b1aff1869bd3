using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>Releases the lock of a run that has ended, and records who did it and why.</summary>
public static class LockRelease
{
    /// <summary>
    /// Writes the audit record, then releases the lock. If the record cannot be written, the lock stays.
    /// </summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="buckets">The buckets.</param>
    /// <param name="command">The command, for the record.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="holder">The lock that is released, and no other.</param>
    /// <param name="reason">Why it is released.</param>
    /// <param name="evidence">What is known about its run.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="PipelineException">The lock has changed, or the record could not be written.</exception>
    public static async Task RunAsync(
        Workspace workspace,
        StateBuckets buckets,
        string command,
        string stack,
        LockHolder holder,
        string reason,
        string evidence,
        CancellationToken cancellation
    )
    {
        var facts = await RunContext.ReadAsync(workspace, cancellation);
        await StateArchive
            .Of(workspace, buckets)
            .Audit.WriteAsync(AuditRecord.Of(facts, command, stack, reason, new { holder, evidence }), cancellation);
        if (!await StateLock.Of(buckets, workspace.Platform, stack).ReleaseAsync(holder.Id, cancellation))
            throw new PipelineException(
                $"stack {stack}: the lock has changed: it was released, or another run took it. Run the command again."
            );
    }
}
