using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Access;

/// <summary><c>access</c>: lists, grants and reviews access to the cluster.</summary>
public static class AccessCommand
{
    /// <summary>The command with its verbs.</summary>
    public static Command Create(CommandContext context)
    {
        var command = new Command("access", "List rights in the cluster, give people access, and review denied attempts.");
        command.Add(AccessListCommand.Create(context));
        command.Add(AccessKubeconfigCommand.Create(context));
        command.Add(AccessBreakGlassCommand.Create(context));
        command.Add(AccessOffboardCommand.Create(context));
        command.Add(AccessReviewCommand.Create(context));
        command.Add(AccessUploadRecordsCommand.Create(context));
        return command;
    }
}
