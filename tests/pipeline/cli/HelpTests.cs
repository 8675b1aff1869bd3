using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>The help of every command says what it is for, how it is called, and how it ends.</summary>
[Trait("Level", "pure")]
public sealed class HelpTests
{
    public static TheoryData<string> Verbs => [.. CommandTree.Verbs.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_has_purpose_example_and_exit_codes(string verb)
    {
        var output = new StringWriter();
        string[] arguments = [.. verb.Split(' '), "--help"];
        var code = await CommandLine.RunAsync(
            arguments,
            () => throw new InvalidOperationException("Help needs no workspace."),
            output,
            TextWriter.Null
        );

        var help = $"{output}";
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("Description:\n  ", help, StringComparison.Ordinal);
        Assert.Contains($"Examples:\n  dotnet run -- {verb}", help, StringComparison.Ordinal);
        Assert.Contains("Exit codes:\n  0 done, 1 failed", help, StringComparison.Ordinal);
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Examples_of_the_help_are_accepted(string verb)
    {
        foreach (var example in CommandHelp.ExamplesOf(verb))
            Assert.Empty(CommandTree.Root.Parse(example).Errors.Select(error => $"{example}: {error.Message}"));
    }
}
