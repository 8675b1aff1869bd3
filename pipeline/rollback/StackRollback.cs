using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Deploy;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Rollback;

/// <summary>What came of a rollback.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="From">The newest version before it; null when there was no other.</param>
/// <param name="To">The version whose configuration is in force now.</param>
/// <param name="Kept">Programs that stayed newer than that version's.</param>
/// <param name="Result">The apply.</param>
/// <param name="Seconds">All of it, the approval included.</param>
public sealed record RollbackResult(
    string Stack,
    string? From,
    string To,
    IReadOnlyList<KeptVersion> Kept,
    StackResult Result,
    double Seconds
);

/// <summary>
/// Takes one stack back to an archived configuration: unpacked, planned against today's state, applied as any other plan, archived as a version of its own.
/// Nothing is synthesized, so it needs Terraform and this program alone.
/// </summary>
/// <param name="workspace">Where it runs.</param>
/// <param name="archiver">The archive.</param>
/// <param name="output">Where people read.</param>
public sealed class StackRollback(Workspace workspace, StackArchiver archiver, CommandOutput output)
{
    /// <summary>A rollback that takes longer has missed its purpose (NFR-007).</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Takes a stack back.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="version">A version, or <see cref="StateArchive.LastGood"/> (<see cref="LastGood"/> says which that is).</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="approval">Asks before anything is changed.</param>
    /// <param name="cancellation">Stops it as it stops an apply.</param>
    /// <returns>What came of it; null when it was not approved.</returns>
    public async Task<RollbackResult?> RunAsync(
        string stack,
        string version,
        string? reason,
        Approval approval,
        CancellationToken cancellation
    )
    {
        var clock = Stopwatch.StartNew();
        StateArchive archive = archiver.Archive;
        await archiver.NothingAppliedAsync(stack, cancellation); // what waits on this machine is a version too
        var entries = await archive.ListAsync(stack, cancellation);
        var target =
            version == StateArchive.LastGood
                ? await LastGoodAsync(stack, entries, cancellation)
                : await archive.FindAsync(stack, version, cancellation);
        var newest = entries[0];

        using var unpacked = await UnpackedVersion.OfAsync(archive, target, cancellation);
        var kept = KeptVersions.Between(target.Manifest, newest.Manifest);
        if (kept.Count > 0)
        {
            using var today = await UnpackedVersion.OfAsync(archive, newest, cancellation);
            KeptVersions.Write(kept, unpacked.Stack, today.Stack);
        }
        foreach (var item in kept)
            output.Line(
                $"{stack}: {item.Name} stays at {item.Kept}, which wrote today's state; the version was applied with {item.Archived}."
            );
        output.Line(
            $"{stack}: back to {target.Version} of {target.Manifest.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC, commit {target.Manifest.Commit ?? "not known"}."
        );

        await RequireNothingReopenedAsync(unpacked.Stack, target, newest, cancellation);
        await RequireCoreAsync(unpacked.Stack, cancellation);
        var note = new ApplyNote
        {
            Outcome = ApplyOutcome.RolledBack,
            Reason = reason,
            WentBackTo = target.Version,
        };
        using var run = new StackRun(workspace, archiver, unpacked.Stack, note);
        PlanView.Write(output, await run.PlanAsync(cancellation));
        if (!run.Summary.IsEmpty && !await approval.AskAsync($"Take {stack} back to {target.Version}?", cancellation))
            return null;
        var result = await run.ApplyAsync(output, cancellation);
        return new(stack, newest.Version, target.Version, kept, result, Math.Round(clock.Elapsed.TotalSeconds, 1));
    }

    // An override that is over is not opened again by the way; one that is open still is no reason to leave the rest as bad as it is.
    private async Task RequireNothingReopenedAsync(
        StackDirectory stack,
        ArchiveEntry target,
        ArchiveEntry newest,
        CancellationToken cancellation
    )
    {
        var day = DateOnly.FromDateTime(workspace.Time.GetUtcNow().UtcDateTime);
        var closed = ClosedOverrides.In(stack.Configuration, workspace.Platform, day);
        if (closed.Count == 0)
            return;
        using var today = await UnpackedVersion.OfAsync(archiver.Archive, newest, cancellation);
        var open = ClosedOverrides.In(today.Stack.Configuration, workspace.Platform, day);
        if (closed.Except(open, StringComparer.Ordinal).ToList() is { Count: > 0 } reopened)
        {
            throw new PipelineException(
                $"stack {stack.Name}, version {target.Version}: it would open what is closed today: {string.Join(", ", reopened)}. Name another version with --to (\"state list {stack.Name}\"), or revert the change in the repository without the override and \"deploy {stack.Name}\"."
            );
        }
        output.Line(
            $"{stack.Name}: open still, though its override is over: {string.Join(", ", closed)}. Remove it with the next deploy."
        );
    }

    // On a machine that never deployed core its outputs are in core's state; a placeholder must not be applied.
    private async Task RequireCoreAsync(StackDirectory stack, CancellationToken cancellation)
    {
        var needed = stack.Variables.Where(variable => !variable.Ephemeral).Select(variable => $"TF_VAR_{variable.Name}");
        if (workspace.Outputs.IsThere || needed.All(workspace.Environment.ContainsKey))
            return;
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        if (buckets.Keys.Find(StackNames.Core) is null)
        {
            throw new PipelineException(
                $"stack {stack.Name}: it takes values from core, and {workspace.Outputs.FullPath} is not there. Copy that file from where core was deployed, or set {StateKeys.VariableOf(StackNames.Core)}: then core's state is asked."
            );
        }
        var core = LiveState.TryParse(await LiveState.Of(buckets, workspace.Platform, StackNames.Core).ReadAsync(cancellation));
        workspace.Outputs.Write(core?.PlainOutputs ?? new Dictionary<string, JsonNode?>());
    }

    private async Task<ArchiveEntry> LastGoodAsync(
        string stack,
        IReadOnlyList<ArchiveEntry> entries,
        CancellationToken cancellation
    )
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var live = await LiveState.Of(buckets, workspace.Platform, stack).ReadAsync(cancellation);
        return LastGood.Of(entries, LiveState.TryParse(live))
            ?? throw new PipelineException(
                $"stack {stack}: the archive has no good version before what is deployed now. {(entries.Count == 0 ? "It has none at all." : $"\"state list {stack}\" shows the {entries.Count} that it has; name one with --to.")}"
            );
    }
}
