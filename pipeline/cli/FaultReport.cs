using System.Runtime.InteropServices;
using System.Text;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>
/// The report of a fault of this program: a file with the stack trace in the directory for temporary files, and one sentence for
/// the terminal that names the file.
/// </summary>
public static class FaultReport
{
    /// <summary>The start of the file's name.</summary>
    public const string Prefix = "infra-cdktf-fault-";

    /// <summary>Writes the file, which only its owner can read, and returns the sentence.</summary>
    /// <param name="command">The command without its values: <c>state recover</c>.</param>
    /// <param name="exception">The fault.</param>
    public static string Write(string command, Exception exception)
    {
        var inner = exception is AggregateException or TypeInitializationException ? exception.GetBaseException() : exception;
        var what =
            $"\"{command}\" ended because of a fault in this program ({inner.GetType().Name}: {FirstLine(inner.Message)}). ";
        try
        {
            var file = Path.Combine(Path.GetTempPath(), $"{Prefix}{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Guid.NewGuid():N}.txt");
            using var stream = PrivateFiles.Create(file);
            stream.Write(Encoding.UTF8.GetBytes(Text(command, exception)));
            return $"{what}The report with the stack trace is {file}: read it, because it may name parts of your platform, and "
                + "attach it to an issue in this program's repository.";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{what}The report with the stack trace could not be written ({FirstLine(failure.Message)}): make space in "
                + $"{Path.GetTempPath()}, run the command again, and attach the report to an issue in this program's repository.";
        }
    }

    private static string Text(string command, Exception exception) =>
        $"""
            command   {command}
            program   {typeof(FaultReport).Assembly.GetName().Version}
            runtime   {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}

            {exception}

            """;

    private static string FirstLine(string text) => text.Split('\n')[0].Trim().TrimEnd('.', '!');
}
