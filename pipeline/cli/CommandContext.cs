using System.CommandLine;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>What every command is made with.</summary>
/// <param name="Workspace">Gives what the command works on.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CommandContext(Func<Workspace> Workspace, TextWriter Output, TextWriter Error)
{
    /// <summary>Makes a verb: every one has <c>--json [FILE]</c>.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">One sentence for <c>--help</c>.</param>
    /// <param name="symbols">Its own options and arguments.</param>
    /// <param name="run">What it does; gives the exit code.</param>
    public Command Verb(
        string name,
        string description,
        IEnumerable<Symbol> symbols,
        Func<ParseResult, CommandOutput, CancellationToken, Task<int>> run
    )
    {
        var json = new Option<string?>("--json")
        {
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "FILE",
            Description = "Write the result as JSON to FILE, or alone to standard output.",
        };
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)symbol);
        }
        command.Add(json);
        // On a thread of its own: until the call returns, nothing waits for it on Ctrl-C or SIGTERM, and synthesis takes seconds.
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    async () =>
                    {
                        var file = parsed.GetValue(json);
                        // "deploy --yes --json core" must not deploy everything and write a file of that name.
                        if (file is not null && StackNames.Waves(Workspace().Platform).Any(wave => wave.Contains(file)))
                        {
                            throw new UsageException(
                                $"--json {file}: {file} is a stack, and a word after --json is its file. Name stacks before --json, or write the file as ./{file}."
                            );
                        }
                        using var streams = new CommandOutput(Output, Error, parsed.GetResult(json) is not null, file);
                        return await run(parsed, streams, cancellation);
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    /// <summary>The argument that chooses stacks.</summary>
    public static Argument<string[]> Stacks(string what)
    {
        var stacks = new Argument<string[]>("STACK")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = $"The stacks to {what}; all when none is named.",
        };
        stacks.Validators.Add(result =>
        {
            foreach (var word in result.Tokens.Select(token => token.Value).Where(word => word.StartsWith('-')))
                result.AddError($"There is no option {word} here.");
        });
        return stacks;
    }

    /// <summary>The option that takes what was synthesized before.</summary>
    public static Option<bool> SkipSynth() =>
        new("--skip-synth")
        {
            Description = "Use cdktf.out as it lies there: for jobs that hold credentials and must not run a branch's code.",
        };
}
