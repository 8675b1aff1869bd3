using System.CommandLine;
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
                command.Add(argument);
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
                        using var streams = new CommandOutput(Output, Error, parsed.GetResult(json) is not null, file);
                        try
                        {
                            return await run(parsed, streams, cancellation);
                        }
                        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
                        {
                            throw new PipelineException(
                                "A call had no answer within its time limit: "
                                    + $"{exception.GetBaseException().Message.TrimEnd('.')}. It may have had its effect. "
                                    + "Check that the network works, then run the command again.",
                                exception
                            );
                        }
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

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
        var stacks = new Argument<string[]>("STACK")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = $"The stacks to {what}; all stacks if none is named.",
        };
        stacks.Validators.Add(result =>
        {
            foreach (var word in result.Tokens.Select(token => token.Value).Where(word => word.StartsWith('-')))
                result.AddError($"Unknown option {word}.");
        });
        return stacks;
    }

    /// <summary>The option to use an earlier synthesis.</summary>
    public static Option<bool> SkipSynth() =>
        new("--skip-synth")
        {
            Description =
                "Use the existing cdktf.out and do not synthesize: "
                + "for jobs with credentials, which must not run code of a branch.",
        };
}
