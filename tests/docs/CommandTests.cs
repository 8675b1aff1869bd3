using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Tests.Docs;

/// <summary>Tests that the program accepts every command that a page shows.</summary>
[Trait("Level", "pure")]
public sealed partial class CommandTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_commands_are_accepted_by_the_program(string page) => Assert.Empty(Refused(Page.Read(page)));

    [Theory]
    [InlineData("`dotnet run -- rehearse --seed 7`", true)]
    [InlineData("```\n$ dotnet run -- plan core   # one stack\n```", true)]
    [InlineData("`dotnet run -- deploy [<STACK>...] [options]`", true)]
    [InlineData("dotnet run -- rehears, in prose", true)]
    [InlineData("`dotnet run -- access [command] [options]`", true)]
    [InlineData("`dotnet run -- access`", false)]
    [InlineData("`dotnet run -- archive show <STACK> <VERSION> [options]`", true)]
    [InlineData("`dotnet run -- archive show core`", false)]
    [InlineData("`dotnet run -- rehears`", false)]
    [InlineData("`dotnet run -- rehearse --sead 7`", false)]
    [InlineData("```\ndotnet run -- plan core && dotnet run -- aply\n```", false)]
    [InlineData("`./infra plan core`", true)]
    [InlineData("`./infra aply`", false)]
    [InlineData("`./infra` is the short form", true)]
    public void CommandCheck_reports_a_command_that_does_not_exist(string text, bool accepted) =>
        Assert.Equal(accepted, !Refused(Page.Of(text)).Any());

    private static IEnumerable<string> Refused(Page page)
    {
        var root = CommandLine.Root(
            new(() => throw new InvalidOperationException("Only parsed."), TextWriter.Null, TextWriter.Null)
        );
        return from code in page.Code
            from Match command in Command()
                .Matches(Argument().Replace(code, match => match.Value == "<SHELL>" ? "bash" : match.Groups[1].Value))
            let line = command.Groups["line"].Value
            // A usage line ("plan [<STACK>...] [options]") has its optional parts in brackets.
            let words = CommandLineParser.SplitCommandLine(line).TakeWhile(word => !word.StartsWith('[')).ToArray()
            where words is [var verb, ..] && verb != "COMMAND"
            // The usage line of a group of commands does not name a verb.
            from error in root.Parse(line.Contains("[command]", StringComparison.Ordinal) ? [.. words, "--help"] : words).Errors
            // "[options]" may include required options ("rollback STACK --to VERSION").
            where
                !(
                    line.Contains("[options]", StringComparison.Ordinal)
                    && error.Message.EndsWith("is required.", StringComparison.Ordinal)
                )
            select $"{page.Path}: dotnet run -- {line}: {error.Message}";
    }

    // An argument in a usage line: any value is accepted.
    [GeneratedRegex("<([A-Z]+)>")]
    private static partial Regex Argument();

    [GeneratedRegex(@"(dotnet run --|\./infra) (?<line>[^\n#|&;>]*)")]
    private static partial Regex Command();
}
