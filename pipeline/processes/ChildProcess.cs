using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace InfraCdktf.Pipeline.Processes;

/// <summary>What a child process left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All it wrote to standard output.</param>
/// <param name="Error">All it wrote to standard error.</param>
public sealed record ChildResult(int ExitCode, string Output, string Error);

/// <summary>A program that was stopped on request, and what it had written until then.</summary>
/// <param name="result">Its exit code and both streams.</param>
/// <param name="cancellation">The request.</param>
public sealed class ChildStoppedException(ChildResult result, CancellationToken cancellation)
    : OperationCanceledException(cancellation)
{
    /// <summary>Exit code and both streams.</summary>
    public ChildResult Result => result;
}

/// <summary>Runs one program and never leaves it behind: a cancelled one is interrupted, and killed with its children if it does not end.</summary>
public static class ChildProcess
{
    /// <summary>How long a program may take to see a Ctrl-C that the terminal sent to the whole process group.</summary>
    private static readonly TimeSpan _ownInterrupt = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an interrupted program may take to end: Terraform waits for calls in flight, then writes its state.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(60);

    /// <summary>How often a file that a program writes to is looked at.</summary>
    private static readonly TimeSpan _followed = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs the program to its end.</summary>
    /// <param name="program">A name on PATH or a path.</param>
    /// <param name="arguments">Its arguments, one by one: no shell reads them.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="environment">Its whole environment; nothing is inherited.</param>
    /// <param name="line">Called with each line of output and error as it comes; not from several threads at once.</param>
    /// <param name="cancellation">Interrupts the program; the call then ends with <see cref="ChildStoppedException"/> after the program did.</param>
    public static Task<ChildResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string directory,
        IReadOnlyDictionary<string, string> environment,
        Action<string>? line,
        CancellationToken cancellation
    ) => RunAsync(program, arguments, directory, environment, line, file: null, cancellation);

    /// <summary>
    /// Runs the program to its end with a file for its standard output, and reads along there. Such a program does not notice when this one is
    /// killed: a pipe would break and take it along. The program is started by the shell, because .NET gives a child pipes alone.
    /// </summary>
    /// <param name="program">A name on PATH or a path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="line">Called with each line.</param>
    /// <param name="file">An existing file; the output is added to it.</param>
    /// <param name="cancellation">Interrupts the program.</param>
    public static Task<ChildResult> RunToFileAsync(
        string program,
        IEnumerable<string> arguments,
        string directory,
        IReadOnlyDictionary<string, string> environment,
        Action<string>? line,
        string file,
        CancellationToken cancellation
    ) =>
        RunAsync(
            "/bin/sh",
            ["-c", "file=$1; shift; exec \"$@\" >>\"$file\"", "sh", file, program, .. arguments],
            directory,
            environment,
            line,
            file,
            cancellation
        );

    private static async Task<ChildResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string directory,
        IReadOnlyDictionary<string, string> environment,
        Action<string>? line,
        string? file,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = new Process { StartInfo = start };
        var transcript = new Transcript(line);
        process.OutputDataReceived += (_, data) => transcript.AddOutput(data.Data);
        process.ErrorDataReceived += (_, data) => transcript.AddError(data.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var ended = new CancellationTokenSource();
        var follow = file is null ? Task.CompletedTask : FollowAsync(file, transcript, ended.Token);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process, transcript);
            await ended.CancelAsync();
            await follow;
            throw new ChildStoppedException(new(process.ExitCode, transcript.Output, transcript.Error), cancellation);
        }
        await ended.CancelAsync();
        await follow;
        return new(process.ExitCode, transcript.Output, transcript.Error);
    }

    /// <summary>Reads what is written to a file, line by line, until its writer has ended and all is read.</summary>
    private static async Task FollowAsync(string file, Transcript transcript, CancellationToken ended)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var buffer = new char[4096];
        var rest = "";
        while (true)
        {
            // Asked before reading: what was written until the end is read after it.
            var last = ended.IsCancellationRequested;
            int count;
            while ((count = await reader.ReadAsync(buffer, CancellationToken.None)) > 0)
            {
                var lines = (rest + new string(buffer, 0, count)).Split('\n');
                foreach (var line in lines[..^1])
                    transcript.AddOutput(line);
                rest = lines[^1];
            }
            if (last)
                break;
            await Task.Delay(_followed, ended).ContinueWith(_ => { }, CancellationToken.None);
        }
        if (rest.Length > 0)
            transcript.AddOutput(rest);
    }

    private static async Task EndAsync(Process process, Transcript transcript)
    {
        // A Ctrl-C in a terminal reaches Terraform without us, and a second interrupt makes it abandon calls in flight: "Two interrupts
        // received. Exiting immediately. Note that data loss may have occurred." So send one only when it says it has seen none.
        if (await EndsWithinAsync(process, _ownInterrupt))
            return;
        if (!transcript.Interrupted && !OperatingSystem.IsWindows())
            Interrupt(process);
        if (await EndsWithinAsync(process, _grace))
            return;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    private static async Task<bool> EndsWithinAsync(Process process, TimeSpan time)
    {
        using var patience = new CancellationTokenSource(time);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return process.HasExited;
        }
    }

    private static void Interrupt(Process process)
    {
        const int sigint = 2;
        _ = kill(process.Id, sigint);

        [DllImport("libc")]
        static extern int kill(int pid, int signal);
    }

    /// <summary>Collects both streams; they arrive on threads of their own.</summary>
    private sealed class Transcript(Action<string>? line)
    {
        private readonly Lock _lock = new();
        private readonly StringBuilder _output = new();
        private readonly StringBuilder _error = new();

        public string Output => Read(_output);

        public string Error => Read(_error);

        /// <summary>True once Terraform has said that it was interrupted.</summary>
        public bool Interrupted => Output.Contains("Interrupt received", StringComparison.Ordinal);

        public void AddOutput(string? text) => Add(_output, text);

        public void AddError(string? text) => Add(_error, text);

        private void Add(StringBuilder stream, string? text)
        {
            if (text is null)
                return;
            lock (_lock)
            {
                stream.Append(text).Append('\n');
                line?.Invoke(text);
            }
        }

        private string Read(StringBuilder stream)
        {
            lock (_lock)
                return stream.ToString();
        }
    }
}
