using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;

namespace InfraCdktf.Pipeline.State;

/// <summary><c>state restore</c>: writes an archived state back.</summary>
public static class StateRestoreCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stack = StateCommand.Stack();
        var version = StateCommand.Version();
        var force = new Option<bool>("--force") { Description = "Take another lineage or a lower serial too; needs --reason." };
        var reason = new Option<string?>("--reason")
        {
            HelpName = "TEXT",
            Description = "Why: kept with the version and the audit record.",
        };
        return context.Verb(
            "restore",
            "Write an archived state back where the live one is damaged or gone, and plan; exit 2 when the plan is not empty.",
            [stack, version, force, reason],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var name = StateCommand.Named(workspace, parsed.GetValue(stack)!);
                if (parsed.GetValue(force) && string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
                    throw new UsageException(
                        "--force writes a state that is older or another stack's: say why with --reason TEXT."
                    );
                var result = await new StateRestoration(workspace, output).RunAsync(
                    name,
                    parsed.GetValue(version)!,
                    parsed.GetValue(force),
                    parsed.GetValue(reason),
                    cancellation
                );
                PlanView.Write(output, result.Plan);
                output.Line(
                    result.Plan.IsEmpty
                        ? $"{name}: account, state and configuration are one: the plan is empty."
                        : $"{name}: the state is whole again; what the plan shows was done after {result.Version}. \"deploy {name}\" brings it in order."
                );
                output.Json(result);
                return result.Plan.IsEmpty ? ExitCode.Done : ExitCode.Differs;
            }
        );
    }
}
