using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Helm;

/// <summary>The part of <c>state recover</c> that continues or removes half done Helm releases.</summary>
public static class ReleaseRecovery
{
    /// <summary>Recovers the releases of a stack, holds its lock meanwhile, and writes an audit record.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="name">The stack; its state is in the backend.</param>
    /// <param name="output">Output for people.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    /// <returns>What was done, one sentence for each release.</returns>
    /// <exception cref="PipelineException">The lock is held: another run may be deploying a release now.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        Workspace workspace,
        string name,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        var stack = workspace.Stack(name);
        var releases = new StackReleases(stack, new KubectlReleaseRecords(workspace));
        if (!releases.Any)
            return [];
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var state = await LiveState.Of(buckets, workspace.Platform, name).StateAsync(cancellation);
        var inState = (state?.Objects ?? []).Select(item => item.Address).ToHashSet(StringComparer.Ordinal);
        try
        {
            if ((await releases.FindAsync(inState, cancellation)).Count == 0)
                return [];
        }
        catch (PipelineException exception)
        {
            output.Line($"{name}: its Helm releases could not be checked: {exception.Message}");
            return [];
        }
        await using var held = await StateLock
            .Of(buckets, workspace.Platform, name)
            .TakeAsync(name, "state recover", workspace.Environment, cancellation);
        var done = await releases.RecoverAsync(inState, cancellation);
        var facts = await RunContext.ReadAsync(workspace, cancellation);
        await StateArchive
            .Of(workspace, buckets)
            .Audit.WriteAsync(
                AuditRecord.Of(facts, "state recover", name, "Helm releases of an interrupted apply", new { releases = done }),
                cancellation
            );
        return done;
    }
}
