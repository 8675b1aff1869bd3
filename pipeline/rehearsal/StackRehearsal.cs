using System.Diagnostics;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Deploy;
using InfraCdktf.Pipeline.Destroy;
using InfraCdktf.Pipeline.Rollback;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>The rehearsal of one stack: apply, second plan, change outside Terraform, repair, destroy.</summary>
internal sealed class StackRehearsal(
    Workspace workspace,
    StackArchiver archiver,
    string name,
    Account account,
    RehearsalOptions options
)
{
    private readonly Stopwatch _clock = new();
    private TerraformCli? _terraform;
    private IReadOnlyList<StateObject> _objects = [];
    private bool _secondPlanEmpty;
    private bool _driftFound;
    private bool _destroyed;
    private int _versions;
    private int _number;

    /// <summary>The stack.</summary>
    public string Name => name;

    /// <summary>The current step, or the last one.</summary>
    public string Step { get; private set; } = "wait";

    /// <summary>True while a phase of the stack is running, and after a phase failed.</summary>
    public bool Unfinished { get; private set; }

    /// <summary>The result so far.</summary>
    public StackReport Report =>
        new(
            name,
            _objects.Count,
            _secondPlanEmpty,
            _driftFound,
            _versions,
            _destroyed,
            Math.Round(_clock.Elapsed.TotalSeconds, 1)
        );

    /// <summary>Applies the stack. The next wave needs only this.</summary>
    public async Task<StackReport> BuildUpAsync(CancellationToken cancellation)
    {
        Start();
        var stack = workspace.Stack(name);
        Begin("init");
        await Terraform.InitAsync(cancellation);
        Begin("plan");
        await Terraform.PlanAsync(new() { File = PlanFile("apply") }, cancellation);
        Begin("apply");
        await ApplyAsync(stack, "apply", cancellation);
        if (name == StackNames.Core)
            workspace.Outputs.Write(await archiver.ReadOutputsAsync(name, cancellation));
        _objects = LiveState.TryParse(await ReadStateAsync(cancellation))?.Objects ?? [];
        return Stop();
    }

    /// <summary>
    /// Checks that the next plan is empty, that a change outside Terraform is found, and that an apply repairs it.
    /// </summary>
    public async Task<StackReport> CheckAsync(CancellationToken cancellation)
    {
        Start();
        Begin("second plan");
        await RequireEmptyAsync(cancellation);

        Begin("outside change");
        var mine = _objects.Select(item => item.Key).ToHashSet(StringComparer.Ordinal);
        var change = account.ChangeOutside(options.Seed, item => mine.Contains(item.Key));
        Begin("drift");
        _driftFound = (await Terraform.PlanAsync(new() { File = PlanFile("drift") }, cancellation)).Differs;
        if (!_driftFound)
            throw new PipelineException($"the next plan did not find a change that was made outside Terraform: {change}");
        Begin("repair");
        await ApplyAsync(workspace.Stack(name), "drift", cancellation);
        Begin("plan again");
        await RequireEmptyAsync(cancellation);
        _secondPlanEmpty = true;
        return Stop();
    }

    /// <summary>
    /// The drill: applies a bad change as <c>deploy</c> does, rolls it back as <c>rollback --to last-good</c> does, and checks
    /// that the next plan is empty.
    /// </summary>
    /// <returns>The result; null if the stack has nothing that a drill may change.</returns>
    public async Task<RollbackDrill?> DrillAsync(CancellationToken cancellation)
    {
        var stack = workspace.Stack(name);
        if (!BadChange.IsPossible(stack))
            return null;
        Start();
        var silent = new CommandOutput(TextWriter.Null, TextWriter.Null, json: false, file: null);
        Announce("bad change");
        var directory = Directory.CreateDirectory(Path.Combine(options.Directory, "drill")).FullName;
        using (var bad = new StackRun(workspace, archiver, BadChange.Write(stack, directory), new()))
        {
            if ((await bad.PlanAsync(cancellation)).IsEmpty)
                throw new PipelineException("the plan of the drill's bad change is empty; it must have a change");
            await bad.ApplyAsync(silent, cancellation);
        }
        Announce("rollback");
        var result = await new StackRollback(workspace, archiver, silent).RunAsync(
            name,
            StateArchive.LastGood,
            "drill",
            new Approval(silent, given: true),
            cancellation
        );
        Announce("plan after rollback");
        await RequireEmptyAsync(cancellation);
        Stop();
        return new(name, result!.From!, result.To, result.Seconds);
    }

    /// <summary>Destroys the stack, as the <c>destroy</c> command does.</summary>
    public async Task<StackReport> TakeDownAsync(CancellationToken cancellation)
    {
        Start();
        Begin("destroy");
        var bucket = LiveBucket;
        await StackDestruction.RunAsync(
            workspace,
            archiver,
            name,
            // On a real account `state bootstrap` creates the live bucket and deletes it last, because the bucket holds the state
            // of this stack. No destroy may delete it, so the rehearsal does the same as that command.
            first: terraform => bucket is null ? Task.CompletedTask : terraform.ForgetAsync(bucket.Address, cancellation),
            cancellation: cancellation
        );
        if (bucket is not null)
            account.Remove(bucket.Type, bucket.Id);
        _versions = await CountVersionsAsync(cancellation);
        var left = account.Objects.Select(item => item.Key).ToHashSet(StringComparer.Ordinal);
        _destroyed = !_objects.Any(item => left.Contains(item.Key));
        var report = Stop();
        options.Progress?.Invoke(new(name, _destroyed ? "done" : "left something", RehearsalStep.Steps));
        return report;
    }

    /// <summary>The current state, decrypted; null if there is none.</summary>
    public async Task<byte[]?> ReadStateAsync(CancellationToken cancellation)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        return await LiveState.Of(buckets, workspace.Platform, name).ReadAsync(cancellation);
    }

    // The stack exists, and core has its outputs, only after the waves before it.
    private TerraformCli Terraform => _terraform ??= workspace.Terraform(workspace.Stack(name), Placeholders.Refused);

    private StateObject? LiveBucket =>
        name == StackNames.State
            ? _objects.SingleOrDefault(item =>
                item.Type == "linode_object_storage_bucket" && item.Label == StateAddress.Of(options.Platform, name).Bucket
            )
            : null;

    private async Task ApplyAsync(StackDirectory stack, string plan, CancellationToken cancellation)
    {
        var archived = await archiver.ApplyAsync(
            stack,
            new(),
            () => Terraform.ApplyAsync(PlanFile(plan), line: null, cancellation),
            cancellation
        );
        if (archived.Place != ArchivePlace.Archive)
            throw new PipelineException($"after an apply the state must be in the archive, but its place is: {archived.Place}");
    }

    // Reads back every entry completely.
    private async Task<int> CountVersionsAsync(CancellationToken cancellation)
    {
        var entries = await archiver.Archive.ListAsync(name, cancellation);
        foreach (var entry in entries)
            if (await archiver.Archive.VerifyAsync(entry, cancellation) is { Count: > 0 } problems)
                throw new PipelineException(string.Join('\n', problems));
        return entries.Count;
    }

    private async Task RequireEmptyAsync(CancellationToken cancellation)
    {
        var plan = await Terraform.PlanAsync(new(), cancellation);
        if (plan.Differs)
            throw new PipelineException($"the plan directly after an apply must be empty, but it is:\n{plan.Text.TrimEnd()}");
    }

    private void Start()
    {
        _clock.Start();
        Unfinished = true;
    }

    private StackReport Stop()
    {
        _clock.Stop();
        Unfinished = false;
        return Report;
    }

    private void Begin(string step)
    {
        Announce(step);
        _number++;
    }

    private void Announce(string step)
    {
        Step = step;
        options.Progress?.Invoke(new(name, step, _number));
    }

    private string PlanFile(string purpose) => Path.Combine(options.Directory, "plans", $"{name}-{purpose}.tfplan");
}
