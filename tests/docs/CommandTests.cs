using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Tests.Docs;

/// <summary>A command that a page tells somebody to type is one that the program takes.</summary>
[Trait("Level", "pure")]
public sealed partial class CommandTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_in_a_page_is_one_that_the_program_takes(string page) => Assert.Empty(Refused(Page.Read(page)));

    [Theory]
    [InlineData("`dotnet run -- rehearse --seed 7`", true)]
    [InlineData("```\n$ dotnet run -- plan core   # one stack\n```", true)]
    [InlineData("`dotnet run -- deploy [<STACK>...] [options]`", true)]
    [InlineData("dotnet run -- rehears, in prose", true)]
    [InlineData("`dotnet run -- access [command] [options]`", true)]
    [InlineData("`dotnet run -- access`", false)]
    [InlineData("`dotnet run -- state show <STACK> <VERSION> [options]`", true)]
    [InlineData("`dotnet run -- state show core`", false)]
    [InlineData("`dotnet run -- rehears`", false)]
    [InlineData("`dotnet run -- rehearse --sead 7`", false)]
    [InlineData("```\ndotnet run -- plan core && dotnet run -- aply\n```", false)]
    public void A_command_that_is_none_is_seen(string text, bool taken) => Assert.Equal(taken, !Refused(Page.Of(text)).Any());

    private static IEnumerable<string> Refused(Page page)
    {
        var root = CommandLine.Root(
            new(() => throw new InvalidOperationException("Only parsed."), TextWriter.Null, TextWriter.Null)
        );
        return from code in page.Code
            from Match command in Command().Matches(Argument().Replace(code, "$1"))
            let line = command.Groups["line"].Value
            // A line of usage ("plan [<STACK>...] [options]") names what may follow; what it names is in brackets.
            let words = CommandLineParser.SplitCommandLine(line).TakeWhile(word => !word.StartsWith('[')).ToArray()
            where words is [var verb, ..] && verb != "COMMAND"
            // The usage of a group of commands leaves its verb open.
            from error in root.Parse(line.Contains("[command]", StringComparison.Ordinal) ? [.. words, "--help"] : words).Errors
            // ... and "[options]" the required ones ("rollback STACK --to VERSION").
            where
                !(
                    line.Contains("[options]", StringComparison.Ordinal)
                    && error.Message.EndsWith("is required.", StringComparison.Ordinal)
                )
            select $"{page.Path}: dotnet run -- {line}: {error.Message}";
    }

    // An argument in a line of usage: any value will do.
    [GeneratedRegex("<([A-Z]+)>")]
    private static partial Regex Argument();

    [GeneratedRegex(@"dotnet run -- (?<line>[^\n#|&;>]*)")]
    private static partial Regex Command();
}
