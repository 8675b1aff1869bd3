using System.CommandLine;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;

namespace InfraCdktf.Pipeline.Rollback;

/// <summary><c>rollback</c>: applies the configuration of an archived version.</summary>
public static class RollbackCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stack = StateCommand.Stack();
        var to = new Option<string>("--to")
        {
            HelpName = "VERSION",
            Required = true,
            Description = "A version (42-0a1b2c3d), its beginning, a serial (42), or last-good.",
        };
        var reason = new Option<string?>("--reason")
        {
            HelpName = "TEXT",
            Description = "Why: kept with the version and the audit record.",
        };
        var yes = new Option<bool>("--yes") { Description = "Approve the plan; without it a person at a terminal is asked." };
        return context.Verb(
            "rollback",
            "Plan an archived configuration against today's state, show the plan, and after approval apply it.",
            [stack, to, reason, yes],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var name = StateCommand.Named(workspace, parsed.GetValue(stack)!);
                var approval = new Approval(output, parsed.GetValue(yes));
                approval.RequireSomebody();
                using var archiver = StackArchiver.Open(workspace, output.Line);
                var result = await new StackRollback(workspace, archiver, output).RunAsync(
                    name,
                    parsed.GetValue(to)!,
                    parsed.GetValue(reason),
                    approval,
                    cancellation
                );
                if (result is null)
                {
                    output.Line($"Not approved: {name} is as it was.");
                    return ExitCode.Failed;
                }
                output.Line(
                    FormattableString.Invariant(
                        $"{name}: {(result.Result.Applied ? "rolled back" : "already")} at {result.To}, {result.Seconds:f1} s of the {StackRollback.Limit.TotalMinutes:f0} minutes that a rollback may take."
                    )
                );
                output.Json(result);
                return ExitCode.Done;
            }
        );
    }
}
