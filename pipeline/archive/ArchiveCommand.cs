using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Archive;

/// <summary><c>archive</c>: the commands for the archived versions.</summary>
public static class ArchiveCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create(CommandContext context) =>
        new("archive", "List, show, compare and remove archived versions of the state.")
        {
            ArchiveListCommand.Create(context),
            ArchiveShowCommand.Create(context),
            ArchiveDiffCommand.Create(context),
            ArchivePruneCommand.Create(context),
        };
}
