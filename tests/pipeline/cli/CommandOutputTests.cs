using InfraCdktf.Pipeline.Cli;
using Spectre.Console;

namespace InfraCdktf.Tests.Pipeline.Cli;

[Trait("Level", "pure")]
public sealed class CommandOutputTests
{
    [Fact]
    public void CommandOutput_writes_no_escape_sequences_to_a_pipe_in_ci()
    {
        const string ci = "GITHUB_ACTIONS";
        var before = System.Environment.GetEnvironmentVariable(ci);
        System.Environment.SetEnvironmentVariable(ci, "true");
        var text = new StringWriter();
        try
        {
            using var output = new CommandOutput(text, TextWriter.Null, json: false, file: null);
            output.People.Write(new Markup("[bold red]gone[/]\n"));
        }
        finally
        {
            System.Environment.SetEnvironmentVariable(ci, before);
        }

        Assert.Equal("gone\n", text.ToString());
    }
}
