using Spectre.Console;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>Asks for approval before a change.</summary>
/// <param name="output">Where the question is shown.</param>
/// <param name="given">Whether <c>--yes</c> was given.</param>
/// <param name="ask">Asks somewhere else than at this program's terminal; null for its terminal.</param>
public sealed class Approval(CommandOutput output, bool given, Func<string, Task<bool>>? ask = null)
{
    /// <summary>True if the question can be answered: <c>--yes</c> was given, or there is a terminal.</summary>
    public bool IsPossible => given || (output.People.Profile.Out.IsTerminal && !Console.IsInputRedirected);

    /// <summary>Fails before any work if no answer is possible later: no terminal and no <c>--yes</c>.</summary>
    /// <param name="otherwise">What to do then.</param>
    /// <exception cref="UsageException">No terminal, and no <c>--yes</c>.</exception>
    public void RequireSomebody(string otherwise = "Read the output of \"plan\", then add --yes.")
    {
        if (!IsPossible)
            throw new UsageException($"Approval is needed, but there is no terminal to ask for it. {otherwise}");
    }

    /// <summary>True if the change was approved.</summary>
    public async Task<bool> AskAsync(string question, CancellationToken cancellation) =>
        given
        || await (
            ask?.Invoke(question)
            ?? new ConfirmationPrompt(question) { DefaultValue = false }.ShowAsync(output.People, cancellation)
        );
}
