using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace InfraCdktf.Pipeline.Processes;

/// <summary>The result of a child process.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All it wrote to standard output.</param>
/// <param name="Error">All it wrote to standard error.</param>
public sealed record ChildResult(int ExitCode, string Output, string Error);

/// <summary>A program was stopped on request.</summary>
/// <param name="program">What was stopped ("stack core: terraform apply").</param>
/// <param name="result">Its exit code, and what it wrote to both streams until then.</param>
/// <param name="killed">True if it did not end after the interrupt and was killed.</param>
/// <param name="cancellation">The request.</param>
public sealed class ChildStoppedException(string program, ChildResult result, bool killed, CancellationToken cancellation)
    : OperationCanceledException(
        killed
            ? $"{program} did not end within {ChildProcess.Grace.TotalSeconds:0} s after the interrupt and was killed. What it "
                + "was doing has no end, its last results may not be saved, and its lock may be left."
            : $"{program} was interrupted and has ended, with exit code {result.ExitCode}.",
        cancellation
    )
{
    /// <summary>Exit code and both streams.</summary>
    public ChildResult Result => result;

    /// <summary>True if it did not end after the interrupt and was killed.</summary>
    public bool Killed => killed;
}

/// <summary>
/// Runs one program and waits until it has ended. On cancellation it interrupts the program; if the program does not end, it
/// kills the program and its children.
/// </summary>
public static class ChildProcess
{
    /// <summary>Time for a program to react to a Ctrl-C that the terminal sent to the whole process group.</summary>
    private static readonly TimeSpan _ownInterrupt = TimeSpan.FromMilliseconds(500);

    /// <summary>Time for an interrupted program to end: Terraform waits for calls in flight, then writes its state.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>What Terraform writes after an interrupt.</summary>
    public const string InterruptSeen = "Interrupt received";

    /// <summary>How often the output file of a running program is read.</summary>
    private static readonly TimeSpan _followed = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs the program and waits until it ends.</summary>
    /// <param name="program">A name on PATH or a path.</param>
    /// <param name="arguments">Its arguments, one by one; no shell parses them.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="environment">Its complete environment; nothing is inherited.</param>
    /// <param name="line">Called with each line of both streams as it arrives; never from two threads at the same time.</param>
    /// <param name="cancellation">Interrupts the program. The call throws <see cref="ChildStoppedException"/> after the program
    /// has ended.</param>
    public static Task<ChildResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string directory,
        IReadOnlyDictionary<string, string> environment,
        Action<string>? line,
        CancellationToken cancellation
    ) => RunAsync(program, arguments, directory, environment, line, TimeProvider.System, cancellation);

    /// <summary>Runs the program, and measures the times after a cancellation with a clock.</summary>
    internal static Task<ChildResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string directory,
        IReadOnlyDictionary<string, string> environment,
        Action<string>? line,
        TimeProvider clock,
        CancellationToken cancellation
    ) => RunAsync(program, arguments, directory, environment, line, file: null, clock, cancellation);

    /// <summary>
    /// Runs the program with a file as its standard output, reads that file at the same time, and waits until the program ends.
    /// If this process is killed, the program continues; with a pipe as standard output it would fail on its next write. It also
    /// continues when its terminal is closed: it ignores SIGHUP, which would kill it at once; this process handles that signal
    /// and interrupts it. The shell starts the program because .NET can redirect a child's output only to pipes.
    /// </summary>
    /// <param name="program">A name on PATH or a path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="environment">Its complete environment.</param>
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
            ["-c", "trap '' HUP; file=$1; shift; exec \"$@\" >>\"$file\"", "sh", file, program, .. arguments],
            directory,
            environment,
            line,
            file,
            TimeProvider.System,
            cancellation
        );

    private static async Task<ChildResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string directory,
        IReadOnlyDictionary<string, string> environment,
        Action<string>? line,
        string? file,
        TimeProvider clock,
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
            var killed = await EndAsync(process, transcript, clock);
            await ended.CancelAsync();
            await follow;
            throw new ChildStoppedException(
                Path.GetFileName(program),
                new(process.ExitCode, transcript.Output, transcript.Error),
                killed,
                cancellation
            );
        }
        await ended.CancelAsync();
        await follow;
        return new(process.ExitCode, transcript.Output, transcript.Error);
    }

    /// <summary>
    /// Reads a file line by line while a program writes to it, until the program has ended and everything is read.
    /// </summary>
    private static async Task FollowAsync(string file, Transcript transcript, CancellationToken ended)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var buffer = new char[4096];
        var rest = "";
        while (true)
        {
            // Checked before the read: this read then includes everything that the program wrote before it ended.
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

    // True if the program had to be killed.
    private static async Task<bool> EndAsync(Process process, Transcript transcript, TimeProvider clock)
    {
        // A Ctrl-C in a terminal reaches Terraform directly. A second interrupt makes Terraform abandon calls in flight: "Two
        // interrupts received. Exiting immediately. Note that data loss may have occurred." So this process sends an interrupt
        // only if Terraform has not reported one.
        if (await EndsWithinAsync(process, _ownInterrupt, clock))
            return false;
        if (!transcript.Interrupted && !OperatingSystem.IsWindows())
            Interrupt(process);
        if (await EndsWithinAsync(process, Grace, clock))
            return false;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        return true;
    }

    private static async Task<bool> EndsWithinAsync(Process process, TimeSpan time, TimeProvider clock)
    {
        using var patience = new CancellationTokenSource(time, clock);
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

    /// <summary>Collects both streams, which arrive on different threads.</summary>
    private sealed class Transcript(Action<string>? line)
    {
        private readonly Lock _lock = new();
        private readonly StringBuilder _output = new();
        private readonly StringBuilder _error = new();

        public string Output => Read(_output);

        public string Error => Read(_error);

        /// <summary>True after Terraform has reported an interrupt.</summary>
        public bool Interrupted => Output.Contains(InterruptSeen, StringComparison.Ordinal);

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
