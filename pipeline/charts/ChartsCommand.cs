using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Charts;

/// <summary><c>charts</c>: the commands for the charts of the shared services.</summary>
public static class ChartsCommand
{
    /// <summary>The command with its verbs.</summary>
    public static Command Create(CommandContext context)
    {
        var command = new Command("charts", "Upgrade the CRDs of charts, which Helm does not upgrade.");
        command.Add(ChartsCrdsCommand.Create(context));
        return command;
    }
}
