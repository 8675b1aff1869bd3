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

/// <summary>The result of a rollback.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="From">The newest version before the rollback; null if there was none.</param>
/// <param name="To">The version whose configuration is applied now.</param>
/// <param name="Kept">Programs that stay newer than in that version.</param>
/// <param name="Result">The result of the apply.</param>
/// <param name="Seconds">The total duration in seconds, including the approval.</param>
public sealed record RollbackResult(
    string Stack,
    string? From,
    string To,
    IReadOnlyList<KeptVersion> Kept,
    StackResult Result,
    double Seconds
);

/// <summary>
/// Rolls one stack back to an archived configuration. It unpacks the configuration, plans it against the current state, applies
/// the plan as any other plan, and archives the result as a new version. It synthesizes nothing, so it needs only Terraform and
/// this program.
/// </summary>
/// <param name="workspace">The workspace that it runs in.</param>
/// <param name="archiver">The archive.</param>
/// <param name="output">Output for people.</param>
public sealed class StackRollback(Workspace workspace, StackArchiver archiver, CommandOutput output)
{
    /// <summary>The longest duration that a rollback may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Rolls a stack back.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="version">
    /// A version, or <see cref="StateArchive.LastGood"/> (<see cref="LastGood"/> selects that version).
    /// </param>
    /// <param name="reason">The reason, for the audit record.</param>
    /// <param name="approval">Asks before any change.</param>
    /// <param name="cancellation">Stops the rollback in the same way as an apply.</param>
    /// <returns>The result; null if the rollback was not approved.</returns>
    public async Task<RollbackResult?> RunAsync(
        string stack,
        string version,
        string? reason,
        Approval approval,
        CancellationToken cancellation
    )
    {
        var clock = Stopwatch.StartNew();
        var archive = archiver.Archive;
        await archiver.NothingAppliedAsync(stack, cancellation); // entries that are queued on this machine are versions too
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
                $"{stack}: {item.Name} stays at {item.Kept}, which wrote the current state; the version was applied with "
                    + $"{item.Archived}."
            );
        output.Line(
            $"{stack}: rolling back to {target.Version} of {target.Manifest.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC, commit "
                + $"{target.Manifest.Commit ?? "not known"}."
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
        foreach (var chart in run.Notes)
            output.Line(chart);
        var question = $"{PlanSummary.Ends([run.Summary])} Roll {stack} back to {target.Version}?";
        if (!run.Summary.IsEmpty && !await approval.AskAsync(question, cancellation))
            return null;
        var result = await run.ApplyAsync(output, cancellation);
        return new(stack, newest.Version, target.Version, kept, result, Math.Round(clock.Elapsed.TotalSeconds, 1));
    }

    // A rollback must not open an override again that has expired. An expired override that is still open does not stop the
    // rollback.
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
                $"stack {stack.Name}, version {target.Version}: the rollback would open expired overrides again: "
                    + $"{string.Join(", ", reopened)}. Name another version with --to (\"archive list {stack.Name}\"), or revert "
                    + $"the change in the repository without the override and run \"deploy {stack.Name}\"."
            );
        }
        output.Line(
            $"{stack.Name}: still open after its override has expired: {string.Join(", ", closed)}. "
                + "Remove it with the next deploy."
        );
    }

    // On a machine that never deployed core, its outputs are read from core's state. A placeholder must not be applied.
    private async Task RequireCoreAsync(StackDirectory stack, CancellationToken cancellation)
    {
        var needed = stack
            .Variables.Where(variable => variable.OfCore && !workspace.Environment.ContainsKey($"TF_VAR_{variable.Name}"))
            .Select(variable => variable.Name)
            .ToList();
        if (Missing(workspace.Outputs.Read()) is not { Length: > 0 } missing)
            return;
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        if (buckets.Keys.Find(StackNames.Core) is null)
        {
            throw new PipelineException(
                $"stack {stack.Name}: it needs values from core ({missing}), and {workspace.Outputs.FullPath} does not have "
                    + "all of them. Copy that file from the machine that deployed core, or set "
                    + $"{StateKeys.VariableOf(StackNames.Core)}, so that the values are read from core's state."
            );
        }
        var live = LiveState.Of(buckets, workspace.Platform, StackNames.Core);
        if (await live.ReadAsync(cancellation) is not { } core)
        {
            throw new PipelineException(
                $"stack {stack.Name}: it needs values from core ({missing}), and core has no state. If core exists, restore its "
                    + $"state (\"state restore {StackNames.Core} {StateArchive.LastGood}\"); otherwise run \"deploy "
                    + $"{StackNames.Core}\" first."
            );
        }
        var outputs = StateFile.Parse(core).PlainOutputs;
        if (Missing(outputs) is { Length: > 0 } absent)
        {
            throw new PipelineException(
                $"stack {stack.Name}: it needs values from core, and core's state has no output {absent}. Run \"deploy "
                    + $"{StackNames.Core}\" with a configuration that has it, or roll back to another version."
            );
        }
        workspace.Outputs.Write(outputs);

        string Missing(IReadOnlyDictionary<string, JsonNode?> known) =>
            string.Join(", ", needed.Where(name => known.GetValueOrDefault(name) is null));
    }

    private async Task<ArchiveEntry> LastGoodAsync(
        string stack,
        IReadOnlyList<ArchiveEntry> entries,
        CancellationToken cancellation
    )
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var live = await LiveState.Of(buckets, workspace.Platform, stack).ReadAsync(cancellation);
        var versions =
            entries.Count == 0
                ? "The archive has no version of this stack."
                : $"\"archive list {stack}\" shows its {entries.Count} version(s). Name one with --to.";
        var known = await archiver.Archive.WithDigestsAsync(entries, cancellation);
        return LastGood.Of(known, LiveState.TryParse(live))
            ?? throw new PipelineException($"stack {stack}: the archive has no good version before the deployed one. {versions}");
    }
}
