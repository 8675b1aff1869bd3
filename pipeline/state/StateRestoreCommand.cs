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
        var force = new Option<bool>("--force")
        {
            Description = "Also accept another lineage or a lower serial; needs --reason.",
        };
        var reason = new Option<string?>("--reason")
        {
            HelpName = "TEXT",
            Description = "The reason. The version and the audit record keep it.",
        };
        return context.TerraformVerb(
            "restore",
            "Write an archived state back if the live one is damaged or missing, then plan; exit 2 if the plan is not empty.",
            [stack, version, force, reason],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var name = StateCommand.Named(workspace, parsed.GetValue(stack)!);
                if (parsed.GetValue(force) && string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
                    throw new UsageException(
                        "--force writes a state with another lineage or a lower serial. Give the reason with --reason TEXT."
                    );
                await Needs.Of(workspace, "state restore").Tool(Tool.Terraform).Buckets().Keys([name]).RequireAsync();
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
                        ? $"{name}: no differences between account, state and configuration: the plan is empty."
                        : $"{name}: the state is restored. The plan shows changes that were made after "
                            + $"{result.Version}. \"deploy {name}\" applies it."
                );
                output.Json(result);
                return result.Plan.IsEmpty ? ExitCode.Done : ExitCode.Differs;
            }
        );
    }
}
