using System.Diagnostics;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Charts;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Deploy;

/// <summary>
/// Plan, approval, apply and archive of one stack, the same for every command that changes something. Its plan is in a file until
/// it is applied or discarded.
/// </summary>
/// <param name="workspace">The workspace.</param>
/// <param name="archiver">The archive.</param>
/// <param name="stack">The stack: synthesized now, or from the archive.</param>
/// <param name="note">What the archive records about the apply.</param>
public sealed class StackRun(Workspace workspace, StackArchiver archiver, StackDirectory stack, ApplyNote note) : IDisposable
{
    private readonly TerraformCli _terraform = workspace.Terraform(stack, Placeholders.Refused);
    private readonly SavedPlan _plan = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private string? _planDigest;
    private IReadOnlyList<string> _gone = [];

    /// <summary>The summary of the plan; empty before <see cref="PlanAsync"/>.</summary>
    public PlanSummary Summary { get; private set; } = new(stack.Name, [], 0);

    /// <summary>What people should know about the plan, one sentence each; empty before <see cref="PlanAsync"/>.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>Plans, with the lock held.</summary>
    /// <exception cref="CrdsNotUpgradedException">
    /// The plan changes the version of a chart, and the cluster does not have its CRDs.
    /// </exception>
    public async Task<PlanSummary> PlanAsync(CancellationToken cancellation)
    {
        // Before anything is written to the state: fail if others can read the state or if the state key does not open it.
        await StateProtections.RequireAsync(workspace, stack.Name, cancellation);
        await MissingState.RequireNoneAsync(workspace, stack.Name, cancellation);
        await _terraform.InitAsync(cancellation);
        var differs = (await _terraform.PlanAsync(new() { File = _plan.File }, cancellation)).Differs;
        if (!differs)
            _gone = await GoneObjects.LookAsync(workspace, stack.Name, stack.Configuration, cancellation);
        if (differs || _gone.Count > 0)
        {
            var plan = await _terraform.ShowAsync(_plan.File, cancellation);
            (Summary, _planDigest) = (PlanSummary.Of(stack.Name, plan, KnownSecrets.Of(workspace, stack)), PlanDigest.Of(plan));
            Notes = await ChartBump.RequireAsync(
                stack.Name,
                ChartBump.Of(stack, plan),
                new ClusterCrds(workspace).ReadAsync,
                cancellation
            );
        }
        return Summary;
    }

    /// <summary>Applies exactly that plan, archives the state, and returns the result.</summary>
    public async Task<StackResult> ApplyAsync(CommandOutput output, CancellationToken cancellation)
    {
        foreach (var address in _gone)
            output.Line($"{stack.Name}: {address} does not exist any more: it leaves the state.");
        // Before the apply begins: without the record there is no apply, and no entry of one in the archive.
        if (!Summary.IsEmpty || _gone.Count > 0)
            await SegmentAudit.WriteAsync(workspace, archiver.Archive, stack, Summary, output.Line, cancellation);
        var archived =
            Summary.IsEmpty && _gone.Count == 0
                ? await archiver.NothingAppliedAsync(stack.Name, cancellation)
                : await archiver.ApplyAsync(
                    stack,
                    note with
                    {
                        PlanDigest = _planDigest,
                    },
                    () => _terraform.ApplyAsync(_plan.File, line => output.Line($"{stack.Name}: {line}"), cancellation),
                    cancellation
                );
        await StateProtections.RequireAsync(workspace, stack.Name, cancellation);
        if (stack.Name == StackNames.Core)
            workspace.Outputs.Write(await archiver.ReadOutputsAsync(stack.Name, cancellation));
        return new(
            stack.Name,
            !Summary.IsEmpty,
            Summary.Add,
            Summary.Change,
            Summary.Replace,
            Summary.Destroy,
            archived.Version,
            archived.Place,
            Math.Round(_clock.Elapsed.TotalSeconds, 1)
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();
}

/// <summary>The result of one stack's run.</summary>
/// <param name="Name">The stack.</param>
/// <param name="Applied">Whether there was something to apply.</param>
/// <param name="Add">Objects created.</param>
/// <param name="Change">Objects changed in place.</param>
/// <param name="Replace">Objects replaced.</param>
/// <param name="Destroy">Objects destroyed and not replaced.</param>
/// <param name="Version">The archive entry; null if nothing was applied.</param>
/// <param name="Place">Where that entry is.</param>
/// <param name="Seconds">From the start of the plan to the end of the apply, including the time for approval.</param>
public sealed record StackResult(
    string Name,
    bool Applied,
    int Add,
    int Change,
    int Replace,
    int Destroy,
    string? Version,
    ArchivePlace Place,
    double Seconds
);
