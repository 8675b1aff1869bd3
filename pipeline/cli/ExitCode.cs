namespace InfraCdktf.Pipeline.Cli;

/// <summary>What a command's exit code says; the same for every command.</summary>
public static class ExitCode
{
    /// <summary>Done, and nothing differs.</summary>
    public const int Done = 0;

    /// <summary>Failed: the message says where, and what to do.</summary>
    public const int Failed = 1;

    /// <summary>Done, and something differs (drift): the number that Terraform's <c>-detailed-exitcode</c> uses.</summary>
    public const int Differs = 2;

    /// <summary>The command was used wrongly and has touched nothing (EX_USAGE of sysexits.h).</summary>
    public const int Usage = 64;
}

/// <summary>The command was used wrongly: nothing was touched, exit code 64.</summary>
/// <param name="message">What was given, what is allowed, what to do.</param>
public sealed class UsageException(string message) : Exception(message);

/// <summary>The command cannot go on for a reason that the caller can mend: exit code 1, the message without a stack trace.</summary>
/// <param name="message">Where, what was found, what to do.</param>
/// <param name="inner">What it came from.</param>
public class PipelineException(string message, Exception? inner = null) : Exception(message, inner);
