using Spectre.Console;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>Asks a person before something is changed.</summary>
/// <param name="output">Where it asks.</param>
/// <param name="given">Whether <c>--yes</c> was given.</param>
public sealed class Approval(CommandOutput output, bool given)
{
    /// <summary>Refuses at once, before any work, when nobody could answer later.</summary>
    /// <exception cref="UsageException">There is no terminal, and no <c>--yes</c>.</exception>
    public void RequireSomebody()
    {
        var terminal = output.People.Profile.Out.IsTerminal && !Console.IsInputRedirected;
        if (!given && !terminal)
            throw new UsageException(
                "Nobody can be asked for approval here: there is no terminal. Look at the plan, then add --yes."
            );
    }

    /// <summary>True when it was approved.</summary>
    public async Task<bool> AskAsync(string question, CancellationToken cancellation) =>
        given || await new ConfirmationPrompt(question) { DefaultValue = false }.ShowAsync(output.People, cancellation);
}
