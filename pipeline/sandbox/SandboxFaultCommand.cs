using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary><c>sandbox fault</c>: lets calls to the stand-in cloud fail.</summary>
public static class SandboxFaultCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var fault = new Argument<string?>("JSON")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A fault, or a list of faults, as JSON (sandbox/README.md), or as @FILE.",
        };
        var clear = new Option<bool>("--clear") { Description = "End all faults instead." };
        var directory = SandboxCommand.DirectoryOption();
        return context.Verb(
            "fault",
            "Let the next matching calls to the sandbox fail, wait, or kill the Terraform that makes them.",
            [fault, clear, directory],
            (parsed, output, _) =>
            {
                var faults = RehearseCommand.Faults(parsed.GetValue(fault));
                if (faults.Count > 0 == parsed.GetValue(clear))
                    throw new UsageException("Give a fault as JSON, or --clear; not both.");
                var place = SandboxCommand.PlaceOf(context.Workspace(), parsed.GetValue(directory));
                place.Require();
                new Account(place.Account).ShareFaults(faults);
                output.Line(faults.Count == 0 ? "No fault is active." : $"Active from now on: {faults.Count} more fault(s).");
                output.Json(new { added = faults.Count });
                return Task.FromResult(ExitCode.Done);
            }
        );
    }
}
