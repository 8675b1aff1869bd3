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
            Description = "A version (42-0a1b2c3d), the start of a version, a serial (42), or last-good.",
        };
        var reason = new Option<string?>("--reason")
        {
            HelpName = "TEXT",
            Description = "Why; it is stored with the version and in the audit record.",
        };
        var yes = new Option<bool>("--yes") { Description = "Approve the plan; without it the command asks at the terminal." };
        return context.TerraformVerb(
            "rollback",
            "Plan an archived configuration against the current state, show the plan, and after approval apply it.",
            [stack, to, reason, yes],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var name = StateCommand.Named(workspace, parsed.GetValue(stack)!);
                var approval = new Approval(output, parsed.GetValue(yes));
                approval.RequireSomebody();
                await Needs
                    .Of(workspace, "rollback")
                    .Tool(Tool.Terraform)
                    .Buckets()
                    .Keys([name])
                    .Providers([name])
                    .Secrets([name])
                    .RequireAsync();
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
                    output.Line($"Not approved: {name} is unchanged.");
                    return ExitCode.Failed;
                }
                var outcome = result.Result.Applied ? "rolled back to" : "already at";
                var limit = StackRollback.Limit.TotalMinutes;
                output.Line(
                    FormattableString.Invariant(
                        $"{name}: {outcome} {result.To} in {result.Seconds:f1} s (limit: {limit:f0} minutes)."
                    )
                );
                output.Json(result);
                return ExitCode.Done;
            }
        );
    }
}
