using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State.Bootstrap;
using InfraCdktf.Pipeline.State.Doctor;

namespace InfraCdktf.Pipeline.State;

/// <summary><c>state</c>: what looks after Terraform's state.</summary>
public static class StateCommand
{
    /// <summary>The command with its own commands.</summary>
    public static Command Create(CommandContext context)
    {
        var state = new Command("state", "Look after the state: its archive, its lock, its keys.")
        {
            StateBootstrapCommand.Create(context),
            StateListCommand.Create(context),
            StateShowCommand.Create(context),
            StateDiffCommand.Create(context),
            StatePruneCommand.Create(context),
            StateUnlockCommand.Create(context),
            StateDoctorCommand.Create(context),
            StateRestoreCommand.Create(context),
            StateRecoverCommand.Create(context),
            StateRekeyCommand.Create(context),
            StateEscrowCommand.Create(context),
        };
        return state;
    }

    /// <summary>The argument that names one stack.</summary>
    internal static Argument<string> Stack() => new("STACK") { Description = "The stack." };

    /// <summary>An argument that names a version.</summary>
    internal static Argument<string> Version(string name = "VERSION") =>
        new(name) { Description = "A version (42-0a1b2c3d), its beginning, a serial (42), or last-good." };

    /// <summary>The one stack that was named.</summary>
    /// <exception cref="UsageException">It is no stack of this platform.</exception>
    internal static string Named(Workspace workspace, string stack) => workspace.Waves([stack])[0][0];

    /// <summary>The stacks that were named; all when none was.</summary>
    /// <exception cref="UsageException">A name is no stack of this platform.</exception>
    internal static IReadOnlyList<string> Named(Workspace workspace, string[] stacks) =>
        [.. workspace.Waves(stacks).SelectMany(wave => wave)];
}
