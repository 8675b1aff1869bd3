namespace InfraCdktf.Pipeline.Cli;

/// <summary>The exit codes; the same for every command.</summary>
public static class ExitCode
{
    /// <summary>Done, and nothing differs.</summary>
    public const int Done = 0;

    /// <summary>Failed; the message shows the place and what to do.</summary>
    public const int Failed = 1;

    /// <summary>Done, and something differs (drift). Terraform's <c>-detailed-exitcode</c> uses the same number.</summary>
    public const int Differs = 2;

    /// <summary>Stopped on request, by Ctrl-C (SIGINT) or SIGHUP: 128 and the number of SIGINT, as shells report it.</summary>
    public const int Stopped = 130;

    /// <summary>Stopped on request, by SIGTERM: 128 and its number.</summary>
    public const int Terminated = 143;

    /// <summary>Wrong usage; the command changed nothing (EX_USAGE of sysexits.h).</summary>
    public const int Usage = 64;
}

/// <summary>Wrong usage of a command: nothing was changed, exit code 64.</summary>
/// <param name="message">What was given, what is allowed, what to do.</param>
public sealed class UsageException(string message) : Exception(message);

/// <summary>
/// The command cannot continue, and the caller can remove the cause: exit code 1, the message without a stack trace.
/// </summary>
/// <param name="message">The place, what was found, what to do.</param>
/// <param name="inner">The cause.</param>
public class PipelineException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The synthesis failed for a reason outside the inventory and this program: Node.js ended, or a file was refused.
/// </summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="inner">The cause.</param>
public sealed class SynthesisException(string message, Exception? inner = null) : PipelineException(message, inner);
