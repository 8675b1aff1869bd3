using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary><c>state unlock</c>: releases the lock of a run that has ended.</summary>
public static class StateUnlockCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stack = StateCommand.Stack();
        var reason = new Option<string>("--reason")
        {
            HelpName = "TEXT",
            Description = "Why the lock is released. The audit record keeps the reason and your name.",
        };
        var yes = new Option<bool>("--yes") { Description = "Release the lock without a question." };
        return context.Verb(
            "unlock",
            "Show the holder of a state's lock, the start time and whether that run is still running; then release the lock.",
            [stack, reason, yes],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var name = StateCommand.Named(workspace, parsed.GetValue(stack)!);
                if (string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
                    throw new UsageException("--reason is missing. Give the reason for the release in one sentence.");
                var approval = new Approval(output, parsed.GetValue(yes));
                approval.RequireSomebody("To release the lock, add --yes.");
                await Needs.Of(workspace, "state unlock").Buckets().Keys([name]).RequireAsync();
                using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
                var stateLock = StateLock.Of(buckets, workspace.Platform, name);
                if (await stateLock.ReadAsync(cancellation) is not { } holder)
                {
                    output.Line($"{name}: not locked.");
                    output.Json(new { stack = name, released = false });
                    return ExitCode.Done;
                }
                var run = stateLock.RunOf(holder);
                output.Line(
                    $"{name}: locked by {holder.Describe(workspace.Time.GetUtcNow())}; lock {holder.Id}. {run.Evidence}."
                );
                if (run.Alive == true)
                {
                    throw new PipelineException(
                        $"stack {name}: the run that holds the lock is running, so the lock is not released. Wait until it "
                            + "has ended, or interrupt it once (kill -INT) and let it save its state."
                    );
                }
                if (!await approval.AskAsync($"Release the lock of {name}?", cancellation))
                {
                    output.Line("Not released.");
                    return ExitCode.Failed;
                }
                await LockRelease.RunAsync(
                    workspace,
                    buckets,
                    "state unlock",
                    name,
                    holder,
                    parsed.GetValue(reason)!,
                    run.Evidence,
                    cancellation
                );
                output.Line($"{name}: released. Before the next apply: \"state doctor {name}\".");
                output.Json(
                    new
                    {
                        stack = name,
                        released = true,
                        holder,
                        run.Alive,
                        run.Evidence,
                    }
                );
                return ExitCode.Done;
            }
        );
    }
}
