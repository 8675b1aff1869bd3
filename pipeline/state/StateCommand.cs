using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State.Bootstrap;
using InfraCdktf.Pipeline.State.Doctor;

namespace InfraCdktf.Pipeline.State;

/// <summary><c>state</c>: the commands for Terraform's state.</summary>
public static class StateCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create(CommandContext context)
    {
        var state = new Command("state", "Manage the state: its buckets, its lock, its keys, and recovery.")
        {
            StateBootstrapCommand.Create(context),
            StateUnlockCommand.Create(context),
            StateDoctorCommand.Create(context),
            StateRestoreCommand.Create(context),
            StateRecoverCommand.Create(context),
            StateRekeyCommand.Create(context),
            StateEscrowCommand.Create(context),
        };
        return state;
    }

    /// <summary>The argument for one stack.</summary>
    internal static Argument<string> Stack() => new("STACK") { Description = "The name of the stack." };

    /// <summary>An argument for a version.</summary>
    internal static Argument<string> Version(string name = "VERSION") =>
        new(name) { Description = "A version (42-0a1b2c3d), its beginning, a serial (42), or last-good." };

    /// <summary>The stack that was named.</summary>
    /// <exception cref="UsageException">The name is not a stack of this platform.</exception>
    internal static string Named(Workspace workspace, string stack) => workspace.Waves([stack])[0][0];

    /// <summary>The stacks that were named; all stacks if none was named.</summary>
    /// <exception cref="UsageException">A name is not a stack of this platform.</exception>
    internal static IReadOnlyList<string> Named(Workspace workspace, string[] stacks) =>
        [.. workspace.Waves(stacks).SelectMany(wave => wave)];
}
