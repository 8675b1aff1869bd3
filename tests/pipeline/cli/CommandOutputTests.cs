using InfraCdktf.Pipeline.Cli;
using Spectre.Console;

namespace InfraCdktf.Tests.Pipeline.Cli;

[Trait("Level", "pure")]
public sealed class CommandOutputTests
{
    [Fact]
    public void What_is_no_terminal_gets_no_escape_sequence_also_where_a_ci_service_would_show_it()
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
