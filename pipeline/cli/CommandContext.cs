using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Linode;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>What every command needs.</summary>
/// <param name="Workspace">Opens the workspace of the command.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CommandContext(Func<Workspace> Workspace, TextWriter Output, TextWriter Error)
{
    /// <summary>The request to stop; null where commands are only listed.</summary>
    public StopRequest? Stop { get; init; }

    /// <summary>What the command has changed; null where commands are only listed.</summary>
    public Effects? Effects { get; init; }

    /// <summary>The columns of the output; null for those of the terminal.</summary>
    public int? Width { get; init; }

    /// <summary>True if standard output is a terminal.</summary>
    public bool IsTerminal => ReferenceEquals(Output, Console.Out) && !Console.IsOutputRedirected;

    /// <summary>How the command failed; null if it has not failed inside a verb.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Creates a verb; every verb has the option <c>--json [FILE]</c>.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">One sentence for <c>--help</c>.</param>
    /// <param name="symbols">Its own options and arguments.</param>
    /// <param name="run">Runs the verb and returns the exit code.</param>
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
            Description = "Write the result as JSON to FILE; without FILE, standard output has only the JSON.",
        };
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Add(WithoutOptions(argument));
            else
                command.Add((Option)symbol);
        }
        command.Add(json);
        // On a thread pool thread: Ctrl-C and SIGTERM are handled only after this call has returned, and synthesis takes seconds.
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    async () =>
                    {
                        var file = parsed.GetValue(json);
                        // Without this check "deploy --yes --json core" would deploy every stack and write a file named "core".
                        if (file is not null && StackNames.Waves(Workspace().Platform).Any(wave => wave.Contains(file)))
                        {
                            throw new UsageException(
                                $"--json: given {file}, which is a stack; allowed: the name of a file. "
                                    + $"Name stacks before --json, or write the file as ./{file}."
                            );
                        }
                        using var streams = new CommandOutput(Output, Error, parsed.GetResult(json) is not null, file, Width);
                        try
                        {
                            return await run(parsed, streams, cancellation);
                        }
                        catch (Exception exception)
                        {
                            var known = Late(exception, cancellation);
                            Failure = Failure.Of(known, Stop!, Effects!, CommandLine.NameOf(parsed.CommandResult));
                            streams.Fail(Failure);
                            throw;
                        }
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    // An argument takes every word that is no option of the command, a mistyped option too.
    private Argument WithoutOptions(Argument argument)
    {
        // Otherwise the help would list the completions, which depend on the inventory.
        argument.HelpName = argument.Name;
        if (argument.Name == "STACK")
            argument.CompletionSources.Add(_ =>
                StackNames.Waves(Workspace().Platform).SelectMany(wave => wave).Select(name => new CompletionItem(name))
            );
        argument.Validators.Add(result =>
        {
            foreach (var word in result.Tokens.Select(token => token.Value).Where(word => word.StartsWith('-')))
                result.AddError(WrongUsage.Unknown(word, (CommandResult)result.Parent!, ""));
        });
        return argument;
    }

    // A cancellation that nobody asked for.
    private static Exception Late(Exception exception, CancellationToken cancellation) =>
        exception is OperationCanceledException && !cancellation.IsCancellationRequested
            ? new PipelineException(
                $"A call had no answer within its time limit: {exception.GetBaseException().Message.TrimEnd('.')}. It may have "
                    + "had its effect. Check that the network works, then run the command again.",
                exception
            )
            : exception;

    /// <summary>
    /// Creates a verb that runs Terraform. It fails before anything else if a variable of the caller would change what Terraform
    /// does, and names on standard error the variables that Terraform does not get.
    /// </summary>
    /// <inheritdoc cref="Verb"/>
    public Command TerraformVerb(
        string name,
        string description,
        IEnumerable<Symbol> symbols,
        Func<ParseResult, CommandOutput, CancellationToken, Task<int>> run
    ) =>
        Verb(
            name,
            description,
            symbols,
            (parsed, output, cancellation) =>
            {
                var workspace = Workspace();
                foreach (var line in CallerVariables.Require(workspace.Files, workspace.Environment))
                    Error.WriteLine(line);
                _ = BucketAddress.Live(workspace.Platform, workspace.Environment);
                _ = LinodeUrl.Of(workspace.Environment);
                return run(parsed, output, cancellation);
            }
        );

    /// <summary>The argument that selects stacks.</summary>
    public static Argument<string[]> Stacks(string what)
    {
        return new("STACK")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = $"The stacks to {what}; all stacks if none is named.",
        };
    }

    /// <summary>The option to use an earlier synthesis.</summary>
    public static Option<bool> SkipSynth() =>
        new("--skip-synth")
        {
            Description =
                "Use the existing cdktf.out and do not synthesize: "
                + "for jobs with credentials, which must not run code of a branch.",
        };

    /// <summary>An option with a whole number.</summary>
    /// <param name="name">The option.</param>
    /// <param name="unit">What the number counts, for <c>--help</c>.</param>
    /// <param name="description">One sentence for <c>--help</c>.</param>
    /// <param name="smallest">The smallest allowed value.</param>
    /// <param name="largest">The largest allowed value.</param>
    /// <param name="byDefault">The value if none is given; null if there is none.</param>
    /// <param name="remedy">What to do if the value is refused; empty if the allowed values say it.</param>
    public static Option<int?> Number(
        string name,
        string unit,
        string description,
        int smallest,
        int largest,
        int? byDefault = null,
        string remedy = ""
    )
    {
        var option = new Option<int?>(name)
        {
            HelpName = unit,
            Description = description,
            CustomParser = result =>
            {
                if (result.Tokens is not [{ Value: var text }])
                    return null;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    if (number >= smallest && number <= largest)
                        return number;
                result.AddError(
                    $"{name}: given {text}; allowed: a whole number from {smallest} to {largest}. {remedy}".TrimEnd()
                );
                return null;
            },
        };
        if (byDefault is not null)
            option.DefaultValueFactory = _ => byDefault;
        return option;
    }
}
