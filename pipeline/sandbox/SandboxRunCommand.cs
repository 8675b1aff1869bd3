using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary><c>sandbox run</c>: one command in the sandbox, for scripts.</summary>
public static class SandboxRunCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var directory = SandboxCommand.DirectoryOption();
        var words = new Argument<string[]>("COMMAND")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "The command and its arguments, after --.",
        };
        var command = new Command("run", "Run one command in the sandbox, and end with its exit code. The sandbox must run.")
        {
            words,
            directory,
        };
        command.SetAction(parsed =>
        {
            var caller = context.Workspace();
            var place = SandboxCommand.PlaceOf(caller, parsed.GetValue(directory));
            var environment = SandboxEnvironment.For(caller.Environment, place, place.Require());
            var given = parsed.GetRequiredValue(words);
            return SandboxShellCommand.Start(given[0], given[1..], environment);
        });
        return command;
    }
}
