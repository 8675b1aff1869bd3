using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Destroy;

/// <summary>Takes one stack away, with what protects it switched off in a throw-away copy (<see cref="DestroyCopy"/>).</summary>
public static class StackDestruction
{
    /// <summary>Destroys all that the stack's state names, and archives the state that is left.</summary>
    /// <param name="workspace">Where the stack is.</param>
    /// <param name="archiver">The archive.</param>
    /// <param name="name">The stack.</param>
    /// <param name="first">Called with the copy's Terraform after its init, before the plan.</param>
    /// <param name="planned">Told what is about to go.</param>
    /// <param name="line">Told about each line of the apply.</param>
    /// <param name="cancellation">Interrupts Terraform.</param>
    /// <returns>What went.</returns>
    public static async Task<PlanSummary> RunAsync(
        Workspace workspace,
        StackArchiver archiver,
        string name,
        Func<TerraformCli, Task>? first = null,
        Action<PlanSummary>? planned = null,
        Action<string>? line = null,
        CancellationToken cancellation = default
    )
    {
        var stack = workspace.Stack(name);
        using var copy = DestroyCopy.Of(stack);
        TerraformCli terraform = workspace.Terraform(copy.Stack, Placeholders.Allowed);
        await terraform.InitAsync(cancellation);
        if (first is not null)
            await first(terraform);
        using var plan = new SavedPlan();
        if (!(await terraform.PlanAsync(new() { Destroy = true, File = plan.File }, cancellation)).Differs)
            return new(name, [], 0);
        var shown = await terraform.ShowAsync(plan.File, cancellation);
        var summary = PlanSummary.Of(name, shown);
        planned?.Invoke(summary);
        await archiver.ApplyAsync(
            stack,
            new() { Outcome = ApplyOutcome.Destroyed, PlanDigest = PlanDigest.Of(shown) },
            () => terraform.ApplyAsync(plan.File, line, cancellation),
            cancellation
        );
        return summary;
    }
}
