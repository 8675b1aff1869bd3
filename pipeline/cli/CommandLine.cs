using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using InfraCdktf.Pipeline.Access;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cdktf;
using InfraCdktf.Pipeline.Charts;
using InfraCdktf.Pipeline.Deploy;
using InfraCdktf.Pipeline.Destroy;
using InfraCdktf.Pipeline.Drift;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Pipeline.Rollback;
using InfraCdktf.Pipeline.Sandbox;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Validate;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>The command line: parses it, calls one verb, and turns a failure into a message and an exit code.</summary>
public static class CommandLine
{
    /// <summary>Runs a command line and returns its exit code (<see cref="ExitCode"/>).</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="workspace">Opens the workspace; called only if a command runs, not for <c>--help</c>.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="cancellation">Stops the command, as Ctrl-C does.</param>
    /// <param name="width">The columns of the output; null for those of the terminal.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        Func<Workspace> workspace,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellation = default,
        int? width = null
    )
    {
        // Dates, numbers and help are the same for every user: they are in the archive, in cluster Events and in the docs.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        using var stop = new StopRequest(cancellation);
        var effects = Effects.Start();
        var context = new CommandContext(() => Stoppable(workspace(), stop), output, error)
        {
            Stop = stop,
            Effects = effects,
            Width = width,
        };
        var command = "infra-cdktf";
        Failure failure;
        try
        {
            // No response files: the value of "--fault @FILE" must arrive unchanged.
            var parsed = Root(context).Parse(WithHelp(arguments), new() { ResponseFileTokenReplacer = null });
            command = NameOf(parsed.CommandResult);
            // The library shows the help of the last command that it knows, and ignores the words after it.
            var isUnderstood = parsed.Errors.Count == 0 || parsed.Action is not ParseErrorAction;
            // The words after a directive ("[suggest:4]") belong to the directive.
            var isDirective = arguments is [['[', ..], ..];
            var isComplete = isDirective || parsed.UnmatchedTokens.Count == 0;
            if (isUnderstood && isComplete && WrongUsage.Switch(arguments, parsed) is null)
            {
                var configuration = new InvocationConfiguration
                {
                    Output = output,
                    Error = error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null, // StopRequest has the signals
                };
                return await stop.EndOfAsync(parsed.InvokeAsync(configuration, stop.Token));
            }
            failure = new(FailureKind.Usage, ExitCode.Usage, WrongUsage.Explain(arguments, parsed));
            if (arguments is [.., "--json"])
                output.Write(CommandOutput.Document(new { error = failure }));
        }
        catch (Exception exception)
        {
            failure = context.Failure ?? Failure.Of(exception, stop, effects, command);
        }
        try
        {
            error.WriteLine(failure.Message);
        }
        catch (IOException)
        {
            // The terminal is closed; the exit code still says it.
        }
        return failure.ExitCode;
    }

    /// <summary>The name of a command with its group: <c>state recover</c>.</summary>
    public static string NameOf(CommandResult result) =>
        result.Command is RootCommand ? "infra-cdktf"
        : result.Parent is CommandResult { Command: not RootCommand } parent ? $"{NameOf(parent)} {result.Command.Name}"
        : result.Command.Name;

    // "help" and "help plan" mean "--help" and "plan --help".
    private static IReadOnlyList<string> WithHelp(IReadOnlyList<string> arguments) =>
        arguments is ["help", ..] ? [.. arguments.Skip(1), "--help"] : arguments;

    // Synthesis reads no token: it is not begun after a request to stop, and its end is the end of the command.
    private static Workspace Stoppable(Workspace workspace, StopRequest stop) =>
        workspace with
        {
            Synthesize = (platform, directory) =>
            {
                if (stop.Token.IsCancellationRequested)
                    throw new OperationCanceledException(stop.Token);
                try
                {
                    workspace.Synthesize(platform, directory);
                }
                catch (SynthesisException exception) when (stop.IsRequestedSoon())
                {
                    throw new SynthesisStoppedException(directory, exception);
                }
                stop.Token.ThrowIfCancellationRequested();
            },
        };

    /// <summary>All commands.</summary>
    public static RootCommand Root(CommandContext context)
    {
        var root = new RootCommand(
            "Plans, applies, checks and rehearses the platform. Without a command: synthesizes, for cdktf."
        )
        {
            HelpName = CommandHelp.Program,
        };
        root.Add(SandboxCommand.Create(context));
        root.Add(RehearseCommand.Create(context));
        root.Add(SynthCommand.Create(context));
        root.Add(ValidateCommand.Create(context));
        root.Add(PlanCommand.Create(context));
        root.Add(DeployCommand.Create(context));
        root.Add(DestroyCommand.Create(context));
        root.Add(DriftCommand.Create(context));
        root.Add(CdktfCommand.Create(context));
        root.Add(TerraformShim.Create(context));
        root.Add(AccessCommand.Create(context));
        root.Add(RollbackCommand.Create(context));
        root.Add(ArchiveCommand.Create(context));
        root.Add(BackupCommand.Create(context));
        root.Add(StateCommand.Create(context));
        root.Add(ChartsCommand.Create(context));
        root.Add(NodesCommand.Create(context));
        root.Add(CompletionCommand.Create(context));
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new CommandHelp(context.IsTerminal);
        return root;
    }
}
