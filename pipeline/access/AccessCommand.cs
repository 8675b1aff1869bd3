using System.CommandLine;

namespace InfraCdktf.Pipeline.Access;

/// <summary><c>access</c>: who may enter the cluster, and how.</summary>
public static class AccessCommand
{
    /// <summary>The command with its verbs.</summary>
    public static Command Create(CommandContext context)
    {
        var command = new Command("access", "Show who may do what in the cluster.");
        command.Add(AccessListCommand.Create(context));
        return command;
    }
}
