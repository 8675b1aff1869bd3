using InfraCdktf.Environments.Validation;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>The kinds of failure; <c>--json</c> shows the name.</summary>
public enum FailureKind
{
    /// <summary>Wrong usage: nothing was changed.</summary>
    Usage,

    /// <summary>The command cannot continue; the message says what to do.</summary>
    Failed,

    /// <summary>A person or a service asked the command to stop.</summary>
    Stopped,

    /// <summary>A fault of this program.</summary>
    Fault,
}

/// <summary>How a command failed, as standard error and <c>--json</c> show it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="ExitCode">The exit code of the program.</param>
/// <param name="Message">Sentences for people; never a stack trace.</param>
public sealed record Failure(FailureKind Kind, int ExitCode, string Message)
{
    /// <summary>
    /// The failure of an exception. A fault of this program is reported in a file (<see cref="FaultReport"/>). After a request to
    /// stop every exception is its consequence: the same Ctrl-C ends the child processes, Node.js included.
    /// </summary>
    /// <param name="exception">The exception.</param>
    /// <param name="stop">The request to stop.</param>
    /// <param name="effects">What the command has changed.</param>
    /// <param name="command">The command without its values.</param>
    public static Failure Of(Exception exception, StopRequest stop, Effects effects, string command)
    {
        if (exception is UsageException)
            return new(FailureKind.Usage, Cli.ExitCode.Usage, exception.Message);
        if (stop.Token.IsCancellationRequested && IsStop(exception))
            return new(FailureKind.Stopped, stop.ExitCode, Stopped(exception, effects));
        var kind = IsKnown(exception) ? FailureKind.Failed : FailureKind.Fault;
        return new(kind, Cli.ExitCode.Failed, Explain(exception, command));
    }

    private static bool IsStop(Exception exception) =>
        exception is OperationCanceledException || exception is AggregateException several && several.InnerExceptions.Any(IsStop);

    private static string Stopped(Exception exception, Effects effects)
    {
        var said = Leaves(exception).Where(leaf => leaf is not OperationCanceledException || IsSaid(leaf)).ToList();
        var isDoctorNeeded =
            effects.Begun.Count > 0 || said.Any(leaf => leaf is ChildStoppedException { Killed: true } or StopOverdueException);
        return string.Join(
            ' ',
            [
                "Stopped on request.",
                .. said.Select(leaf => leaf.Message),
                .. isDoctorNeeded ? ["Run \"state doctor\" next."] : Array.Empty<string>(),
                // The synthesized files are changed, and the sentence before says it.
                said.Any(leaf => leaf is SynthesisStoppedException)
                    ? effects.ToString().Replace("Nothing was", "Nothing else was", StringComparison.Ordinal)
                    : effects.ToString(),
            ]
        );

        static bool IsSaid(Exception leaf) => leaf is ChildStoppedException or StopOverdueException or SynthesisStoppedException;
    }

    // Several stacks of a wave fail side by side.
    private static IEnumerable<Exception> Leaves(Exception exception) =>
        exception switch
        {
            AggregateException several => several.Flatten().InnerExceptions.SelectMany(Leaves),
            OperationCanceledException { InnerException: AggregateException several } => Leaves(several),
            _ => [exception],
        };

    private static bool IsKnown(Exception exception) =>
        exception switch
        {
            AggregateException several => several.Flatten().InnerExceptions.All(IsKnown),
            _ => exception
                is UsageException
                    or PipelineException
                    or TerraformException
                    or InventoryException
                    or OperationCanceledException
                    or IOException
                    or UnauthorizedAccessException,
        };

    private static string Explain(Exception exception, string command) =>
        exception switch
        {
            AggregateException several => string.Join(
                "\n\n",
                several.Flatten().InnerExceptions.Select(inner => Explain(inner, command))
            ),
            IOException or UnauthorizedAccessException =>
                $"{exception.Message.TrimEnd('.')}. Check that the file or directory can be read and written and that its disk "
                    + "has free space; then run the command again.",
            _ => IsKnown(exception) ? exception.Message : FaultReport.Write(command, exception),
        };
}
