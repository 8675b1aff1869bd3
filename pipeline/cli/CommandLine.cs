using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Runtime.InteropServices;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Pipeline.Access;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cdktf;
using InfraCdktf.Pipeline.Charts;
using InfraCdktf.Pipeline.Deploy;
using InfraCdktf.Pipeline.Destroy;
using InfraCdktf.Pipeline.Drift;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Pipeline.Rollback;
using InfraCdktf.Pipeline.Sandbox;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Pipeline.Validate;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>The command line: parses it, calls one verb, and turns a failure into a message and an exit code.</summary>
public static class CommandLine
{
    // An interrupted Terraform may take 60 s to write its state (ChildProcess), and its archive entry 20 s more (StackArchiver).
    // With a shorter limit this process would end first.
    private static readonly TimeSpan _untilStopped = TimeSpan.FromSeconds(120);

    /// <summary>Runs a command line and returns its exit code (<see cref="ExitCode"/>).</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="workspace">Opens the workspace; called only if a command runs, not for <c>--help</c>.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="cancellation">Stops the command, as Ctrl-C does.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        Func<Workspace> workspace,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellation = default
    )
    {
        // Dates, numbers and help are the same for every user: they are in the archive, in cluster Events and in the docs.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        // No response files: the value of "--fault @FILE" must arrive unchanged.
        var parsed = Root(new(workspace, output, error)).Parse(arguments, new() { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            foreach (var problem in parsed.Errors)
                error.WriteLine(problem.Message);
            error.WriteLine(
                parsed.CommandResult.Command is RootCommand root
                    ? $"The commands are {string.Join(", ", root.Subcommands.Select(command => command.Name))}; each has --help."
                    : "Add --help to see the allowed options and arguments."
            );
            return ExitCode.Usage;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // The library handles SIGINT and SIGTERM. SIGHUP comes when the terminal is closed; it would kill this process at once.
        // A run that was started to ignore it (nohup) still ignores it.
        using var hangUp = PosixSignalRegistration.Create(
            PosixSignal.SIGHUP,
            signal =>
            {
                signal.Cancel = true;
                stop.Cancel();
            }
        );
        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = _untilStopped,
            };
            return await parsed.InvokeAsync(configuration, stop.Token);
        }
        catch (Exception exception)
        {
            try
            {
                error.WriteLine(Explain(exception));
            }
            catch (IOException)
            {
                // The terminal is closed; the exit code still says it.
            }
            return exception switch
            {
                UsageException => ExitCode.Usage,
                _ when IsStop(exception) => ExitCode.Stopped,
                _ => ExitCode.Failed,
            };
        }
    }

    private static bool IsStop(Exception exception) =>
        exception is OperationCanceledException || exception is AggregateException several && several.InnerExceptions.Any(IsStop);

    /// <summary>All commands.</summary>
    public static RootCommand Root(CommandContext context)
    {
        var root = new RootCommand(
            "Plans, applies, checks and rehearses the platform. Without a command: synthesizes, for cdktf."
        )
        {
            HelpName = "dotnet run --",
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
        root.Add(BackupCommand.Create(context));
        root.Add(StateCommand.Create(context));
        root.Add(ChartsCommand.Create(context));
        root.Add(MaintenanceCommand.Create(context));
        // A fixed width gives the same text on every terminal and in docs/commands.md.
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpAction { MaxWidth = 120 };
        return root;
    }

    private static string Explain(Exception exception) =>
        exception switch
        {
            // A call without an answer in time has another exception (CommandContext): here a person or a service asked for it.
            OperationCanceledException { InnerException: AggregateException several } => Explain(several),
            ChildStoppedException stopped => $"Stopped on request. {stopped.Message} Run \"state doctor\" next.",
            OperationCanceledException => "Stopped on request. No other program was running.",
            AggregateException several => string.Join("\n\n", several.Flatten().InnerExceptions.Select(Explain)),
            UsageException or PipelineException or TerraformException or InventoryException => exception.Message,
            IOException or UnauthorizedAccessException =>
                $"{exception.Message} Check that the file or directory can be read and written and that its disk has free space; "
                    + "then run the command again.",
            // Any other exception is a fault of this program or of the machine, so the stack trace is shown.
            _ => exception.ToString(),
        };
}
