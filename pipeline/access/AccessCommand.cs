using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Access;

/// <summary><c>access</c>: who may enter the cluster, and how.</summary>
public static class AccessCommand
{
    /// <summary>The command with its verbs.</summary>
    public static Command Create(CommandContext context)
    {
        var command = new Command("access", "Show who may do what in the cluster, let people in, and see who tried what.");
        command.Add(AccessListCommand.Create(context));
        command.Add(AccessKubeconfigCommand.Create(context));
        command.Add(AccessBreakGlassCommand.Create(context));
        command.Add(AccessReviewCommand.Create(context));
        return command;
    }
}
