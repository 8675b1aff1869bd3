using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>docs/commands.md contains the help text of every command, and no other command.</summary>
[Trait("Level", "pure")]
public sealed partial class CommandsPageTests
{
    public static TheoryData<string> Commands => ["", .. CommandTree.Names];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Commands_page_contains_the_help_of_the_command(string command)
    {
        var output = new StringWriter();
        string[] arguments = [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"];
        Assert.Equal(
            ExitCode.Done,
            await CommandLine.RunAsync(arguments, () => throw new InvalidOperationException(), output, TextWriter.Null)
        );

        // The texts of the version and help options come from the library; trailing spaces are removed.
        var help = string.Join('\n', output.ToString().Trim().Split('\n').Select(line => line.TrimEnd()));
        Assert.Contains($"```text\n{help}\n```\n", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_page_has_exactly_one_section_per_command() =>
        Assert.Equal(
            CommandTree.Names.Select(command => $"{(command.Contains(' ') ? "###" : "##")} `{command}`"),
            Page.Split('\n').Where(line => Heading().IsMatch(line))
        );

    [GeneratedRegex("^##+ `")]
    private static partial Regex Heading();

    private static string Page => File.ReadAllText(Repository.PathOf("docs", "commands.md"));
}
