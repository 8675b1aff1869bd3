using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Deploy;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Destroy;

/// <summary>Destroys one stack from a temporary copy without <c>prevent_destroy</c> (<see cref="DestroyCopy"/>).</summary>
public static class StackDestruction
{
    /// <summary>Destroys every object in the stack's state, and archives the remaining state.</summary>
    /// <param name="workspace">Has the synthesized stack.</param>
    /// <param name="archiver">The archive.</param>
    /// <param name="name">The stack.</param>
    /// <param name="first">Called with the copy's Terraform after its init, before the plan.</param>
    /// <param name="planned">Called with the plan before the destroy.</param>
    /// <param name="approve">Asked with the plan before the destroy; null if the destroy is approved already.</param>
    /// <param name="line">Called with each line of the apply.</param>
    /// <param name="cancellation">Interrupts Terraform.</param>
    /// <returns>The plan that was applied.</returns>
    public static async Task<PlanSummary> RunAsync(
        Workspace workspace,
        StackArchiver archiver,
        string name,
        Func<TerraformCli, Task>? first = null,
        Action<PlanSummary>? planned = null,
        Func<PlanSummary, Task<bool>>? approve = null,
        Action<string>? line = null,
        CancellationToken cancellation = default
    )
    {
        var stack = workspace.Stack(name);
        if (await IsNeverAppliedAsync(workspace, stack, cancellation))
        {
            line?.Invoke("it has no state, so there is nothing to destroy.");
            return new(name, [], 0);
        }
        using var copy = DestroyCopy.Of(stack);
        var terraform = workspace.Terraform(copy.Stack, Placeholders.Allowed);
        await terraform.InitAsync(cancellation);
        if (first is not null)
            await first(terraform);
        using var plan = new SavedPlan();
        if (
            !(await terraform.PlanAsync(new() { Destroy = true, File = plan.File }, cancellation)).Differs
            && (await GoneObjects.LookAsync(workspace, name, configuration: null, cancellation)).Count == 0
        )
            return new(name, [], 0);
        var shown = await terraform.ShowAsync(plan.File, cancellation);
        var summary = PlanSummary.Of(name, shown, KnownSecrets.Of(workspace, stack));
        planned?.Invoke(summary);
        if (approve is not null && !await approve(summary))
            return new(name, [], 0);
        // Before the destroy begins, as for an apply.
        await SegmentAudit.WriteDestroyAsync(
            workspace,
            archiver.Archive,
            stack,
            summary,
            text => line?.Invoke(text),
            cancellation
        );
        var watch = new NamespaceWatch(new KubectlNamespaces(workspace), workspace.Time, text => line?.Invoke(text));
        try
        {
            await archiver.ApplyAsync(
                stack,
                new() { Outcome = ApplyOutcome.Destroyed, PlanDigest = PlanDigest.Of(shown) },
                () =>
                    terraform.ApplyAsync(
                        plan.File,
                        text =>
                        {
                            line?.Invoke(text);
                            watch.Read(text);
                        },
                        cancellation
                    ),
                cancellation
            );
        }
        finally
        {
            await watch.EndAsync();
        }
        return summary;
    }

    // Without this check Terraform would need the providers of a stack that was never applied. A killed apply may have created
    // objects before its first save.
    private static async Task<bool> IsNeverAppliedAsync(Workspace workspace, StackDirectory stack, CancellationToken cancellation)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        if (await LiveState.Of(buckets, workspace.Platform, stack.Name).ExistsAsync(cancellation))
        {
            // An empty state that was started again would make this destroy find nothing.
            await MissingState.RequireNoneAsync(workspace, stack.Name, cancellation);
            return false;
        }
        await workspace.Errored.CollectAsync(stack.Name, stack.Path);
        workspace.Errored.RequireNone(stack.Name);
        workspace.Journals.RequireNone(stack.Name);
        await MissingState.RequireNoneAsync(workspace, stack.Name, cancellation);
        return true;
    }
}
