using InfraCdktf.Pipeline;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline;

/// <summary>docs/commands.md shows every command's own help, word for word, and no command that is not there.</summary>
[Trait("Level", "pure")]
public sealed class CommandsPageTests
{
    private static readonly CommandContext s_context = new(
        () => throw new InvalidOperationException("Help needs no workspace."),
        TextWriter.Null,
        TextWriter.Null
    );

    public static TheoryData<string> Commands => ["", .. CommandLine.Root(s_context).Subcommands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task The_page_shows_a_commands_help(string command)
    {
        var output = new StringWriter();
        string[] arguments = command.Length == 0 ? ["--help"] : [command, "--help"];
        Assert.Equal(
            ExitCode.Done,
            await CommandLine.RunAsync(arguments, () => throw new InvalidOperationException(), output, TextWriter.Null)
        );

        // The version option's and the help option's words are the library's; trailing blanks are nobody's.
        var help = string.Join('\n', output.ToString().Trim().Split('\n').Select(line => line.TrimEnd()));
        Assert.Contains($"```text\n{help}\n```\n", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_a_section_for_each_command_and_no_other() =>
        Assert.Equal(
            CommandLine.Root(s_context).Subcommands.Select(command => $"## `{command.Name}`"),
            Page.Split('\n').Where(line => line.StartsWith("## `", StringComparison.Ordinal))
        );

    private static string Page => File.ReadAllText(Repository.PathOf("docs", "commands.md"));
}
