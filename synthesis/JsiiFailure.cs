using System.Text.RegularExpressions;
using Amazon.JSII.Runtime;

namespace InfraCdktf.Synthesis;

/// <summary>
/// Explains failures inside jsii whose cause is the machine: jsii shows them with hundreds of lines of its own stack.
/// </summary>
internal static partial class JsiiFailure
{
    // The codes of the system, as Node.js writes them (nodejs.org/api/errors.html, "Common system errors").
    private static readonly Dictionary<string, string> s_remedies = new(StringComparer.Ordinal)
    {
        ["EACCES"] = "Give this user the right to write there, or set CDKTF_OUTDIR to another directory.",
        ["EPERM"] = "Give this user the right to write there, or set CDKTF_OUTDIR to another directory.",
        ["EROFS"] = "Its file system is mounted read-only: set CDKTF_OUTDIR to another directory.",
        ["ENOSPC"] = "Free space on its disk, then run the command again.",
        ["EDQUOT"] = "Your quota on its disk is used up: remove files, then run the command again.",
        ["ENOTDIR"] = "A file has the name of a directory there: remove it, then run the command again.",
        ["EEXIST"] = "A file has the name of a directory there: remove it, then run the command again.",
        ["EISDIR"] = "A directory has the name of a file there: remove it, then run the command again.",
        ["ENOENT"] = "Something removed a directory during the synthesis: run the command again.",
        ["EMFILE"] = "Raise the limit of open files (ulimit -n), then run the command again.",
        ["ENFILE"] = "Close programs that have many files open, then run the command again.",
        ["EIO"] = "Check the disk, then run the command again.",
    };

    /// <summary>The sentence for people; null if the cause is not the machine.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="directory">The directory that was being written.</param>
    public static string? Explain(Exception exception, string directory)
    {
        if (exception is JsiiError)
            return "synthesis: Node.js ended before the synthesis was complete. If it was killed because memory was short, free "
                + "memory; then run the command again.";
        if (!IsOfJsii(exception) || SystemError().Match(exception.Message) is not { Success: true } found)
            return null;
        return s_remedies.TryGetValue(found.Groups["code"].Value, out var remedy)
            ? $"synthesis into {directory}: {found.Groups["what"].Value.TrimEnd()}. {remedy}"
            : null;
    }

    // jsii throws an error of JavaScript as a plain exception.
    private static bool IsOfJsii(Exception exception) =>
        exception.GetType() == typeof(Exception) || exception.GetType().Assembly == typeof(JsiiError).Assembly;

    [GeneratedRegex(@"^(?:Error: )?(?<what>(?<code>E[A-Z]+): [^\n]*)")]
    private static partial Regex SystemError();
}
