using System.Globalization;
using System.Text;
using InfraCdktf.Sandbox.Hosting;

namespace InfraCdktf.Pipeline.Cdktf;

/// <summary>
/// What a shim says, on its output and in a file: when cdktf-cli has ended, its output is closed. The file's name is the stack
/// and the number of the process.
/// </summary>
/// <param name="output">The output.</param>
/// <param name="file">The file.</param>
internal sealed class ShimLog(TextWriter output, StreamWriter file) : TextWriter
{
    private const string Ending = ".log";

    /// <summary>Opens the log of this process.</summary>
    /// <param name="directory">The directory of the run.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="output">The output.</param>
    public static ShimLog Open(string directory, string stack, TextWriter output) =>
        new(
            output,
            new(
                Path.Combine(
                    directory,
                    string.Create(CultureInfo.InvariantCulture, $"{stack}.{System.Environment.ProcessId}{Ending}")
                )
            )
            {
                AutoFlush = true,
            }
        );

    /// <inheritdoc/>
    public override Encoding Encoding => output.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        file.Write(value);
        try
        {
            output.Write(value);
            output.Flush();
        }
        catch (IOException)
        {
            // cdktf-cli has ended; the file has the text.
        }
    }

    /// <summary>Writes a line into the file only.</summary>
    public void Keep(string line) => file.WriteLine(line);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + NewLine);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Waits until every process with a log has ended, and shows what they have written meanwhile.</summary>
    /// <param name="directory">The directory of the run.</param>
    /// <param name="line">Called with each line.</param>
    public static async Task FollowAsync(string directory, Action<string> line)
    {
        var open = Directory
            .EnumerateFiles(directory, "*" + Ending)
            .Select(file => (File: file, Process: ProcessOf(file)))
            .Where(log => !ProcessIdentity.HasEnded(log.Process))
            .Select(log => (log.File, log.Process, Shown: new FileInfo(log.File).Length))
            .ToList();
        foreach (var (file, process, shown) in open)
        {
            line($"cdktf-cli has ended. {StackOf(file)}: waiting for Terraform, which saves its state.");
            await EndOfAsync(process);
            using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            content.Position = shown;
            using var reader = new StreamReader(content);
            while (await reader.ReadLineAsync() is { } text)
                line(text);
        }
    }

    private static async Task EndOfAsync(int process)
    {
        try
        {
            using var running = System.Diagnostics.Process.GetProcessById(process);
            await running.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // It has ended.
        }
    }

    private static string StackOf(string file) => Path.GetFileName(file).Split('.')[0];

    private static int ProcessOf(string file) => int.Parse(Path.GetFileName(file).Split('.')[1], CultureInfo.InvariantCulture);
}
