using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Helm;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Deploy;

/// <summary>What an interrupted apply left and a plan does not show, or shows as a replacement.</summary>
public static class BeforePlan
{
    /// <summary>
    /// Fails if a Helm release of the stack is half done. Names tainted objects, and offers to keep those that exist and are
    /// ready.
    /// </summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="name">The stack.</param>
    /// <param name="approval">Asks whether to keep them; null with <c>--yes</c>: then they are only named.</param>
    /// <param name="output">Output for people.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    /// <exception cref="StuckReleaseException">A release is half done.</exception>
    public static async Task CheckAsync(
        Workspace workspace,
        string name,
        Approval? approval,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        var state = await StateAsync(workspace, name, cancellation);
        var releases = new StackReleases(workspace.Stack(name), new KubectlReleaseRecords(workspace));
        try
        {
            await releases.RequireNoneAsync(
                state?.Objects.Select(item => item.Address).ToHashSet(StringComparer.Ordinal),
                cancellation
            );
        }
        catch (PipelineException exception) when (exception is not StuckReleaseException)
        {
            // If the cluster is needed, the plan or the apply fails with the reason.
            output.Line($"{name}: its Helm releases could not be checked before the plan: {exception.Message}");
        }
        await OfferAsync(workspace, name, TaintedObjects.Of(state), approval, output, cancellation);
    }

    private static async Task OfferAsync(
        Workspace workspace,
        string name,
        IReadOnlyList<string> tainted,
        Approval? approval,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        if (tainted.Count == 0)
            return;
        foreach (var address in tainted)
            output.Line($"{name}: {address} is tainted: its creation was interrupted. The plan replaces it.");
        if (approval is null)
        {
            output.Line($"{name}: to keep what exists and is ready, run \"state recover {name}\" first.");
            return;
        }
        if (!await approval.AskAsync($"Keep those of {name} that exist and are ready?", cancellation))
            return;
        await workspace.Terraform(workspace.Stack(name), Placeholders.Allowed).InitAsync(cancellation);
        foreach (var item in await TaintedObjects.RecoverAsync(workspace, name, "deploy", null, cancellation))
            output.Line($"{name}: {TaintedObjects.Describe(item, name)}");
    }

    // The checks of the state itself come later and have their own errors.
    private static async Task<StateFile?> StateAsync(Workspace workspace, string name, CancellationToken cancellation)
    {
        try
        {
            using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
            return LiveState.TryParse(await LiveState.Of(buckets, workspace.Platform, name).ReadAsync(cancellation));
        }
        catch (PipelineException)
        {
            return null;
        }
    }
}
