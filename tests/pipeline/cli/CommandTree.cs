using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>All commands of the program, from the command line itself.</summary>
internal static class CommandTree
{
    private static readonly CommandContext s_context = new(
        () => throw new InvalidOperationException("Help needs no workspace."),
        TextWriter.Null,
        TextWriter.Null
    );

    /// <summary>The root.</summary>
    public static RootCommand Root => CommandLine.Root(s_context);

    /// <summary>The names of all commands: <c>access</c>, then <c>access list</c>.</summary>
    public static IEnumerable<string> Names => All(Root, "").Select(one => one.Name);

    /// <summary>The commands that do something, with their names; not the groups.</summary>
    public static IEnumerable<(string Name, Command Command)> Verbs =>
        All(Root, "").Where(one => one.Command.Subcommands.Count == 0);

    private static IEnumerable<(string Name, Command Command)> All(Command parent, string prefix) =>
        parent
            .Subcommands.Where(command => !command.Hidden)
            .SelectMany(command => All(command, $"{prefix}{command.Name} ").Prepend(($"{prefix}{command.Name}", command)));
}
