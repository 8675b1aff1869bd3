using System.Diagnostics;
using System.Globalization;
using System.Text;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Stacks;

namespace InfraCdktf.Tests.Support;

/// <summary>The program as a separate process, for tests that kill it with SIGKILL, so that it cannot clean up.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly Process _process;
    private readonly SaidLines _said = new();
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ProgramProcess(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _error = ReadAsync(process.StandardError);
    }

    /// <summary>
    /// Starts a command in a workspace, on its synthesized output. Temporary files are written to the workspace's directory.
    /// </summary>
    public static ProgramProcess Start(string arguments, Workspace workspace) =>
        Start("env", [.. s_program, .. arguments.Split(' ')], workspace);

    /// <summary>
    /// Starts a command on a terminal of its own. <see cref="Kill"/> without children closes the terminal: the kernel sends
    /// SIGHUP, and every write to it fails (EIO).
    /// </summary>
    /// <param name="arguments">The command.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="exitCode">The file that gets the exit code of the command.</param>
    public static ProgramProcess StartOnTerminal(string arguments, Workspace workspace, string exitCode)
    {
        // The kernel sends SIGHUP to the shell, which passes it on, as an interactive shell does with its jobs.
        var command =
            $"env {string.Join(' ', s_program)} {arguments} & p=$!; trap \"kill -HUP $p\" HUP; wait $p; "
            + $"trap '' HUP; wait $p; echo $? >'{exitCode}.new'; mv '{exitCode}.new' '{exitCode}'";
        // The shell cannot handle a signal that it was started to ignore.
        string[] script = [Defaults, "script", "--quiet", "--flush", "--command", command, "/dev/null"];
        return Start("env", script, workspace);
    }

    /// <summary>
    /// Starts a command in the foreground of a terminal of its own, so that it can ask. <see cref="PressCtrlC"/> interrupts it.
    /// </summary>
    /// <param name="arguments">The command.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="transcript">The file that gets what the terminal shows.</param>
    public static ProgramProcess StartAtPrompt(string arguments, Workspace workspace, string transcript)
    {
        var command = $"env {string.Join(' ', s_program)} {arguments}; echo \"exit code $?\"";
        string[] script = [Defaults, "script", "--quiet", "--flush", "--command", $"trap : INT; {command}", transcript];
        return Start("env", script, workspace);
    }

    /// <summary>Presses Ctrl-C at the terminal.</summary>
    public void PressCtrlC()
    {
        _process.StandardInput.Write('\u0003');
        _process.StandardInput.Flush();
    }

    // A process from a background job or nohup ignores SIGINT or SIGHUP, and so do its children; env undoes that.
    private const string Defaults = "--default-signal=HUP,INT";
    private static readonly string[] s_program = [Defaults, "dotnet", typeof(PlatformApp).Assembly.Location];

    private static ProgramProcess Start(string program, string[] arguments, Workspace workspace)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workspace.Directory,
            // Not the input of the tests: a terminal's program would read it.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in workspace.Environment)
            start.Environment[name] = value;
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(workspace.Directory, "temporary")).FullName;
        start.Environment["CDKTF_OUTDIR"] = workspace.Output;
        // Prevents the sockets of the .NET runtime in TMPDIR.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new(Process.Start(start)!);
    }

    /// <summary>Waits for the first line of either stream that contains a text.</summary>
    public Task<string> SaidAsync(string text) => _said.FirstAsync(text);

    /// <summary>Waits for an event. Fails with what the process said if it ends before.</summary>
    public async Task WhileRunsAsync(Task awaited)
    {
        var end = EndAsync();
        if (await Task.WhenAny(awaited, end) == end)
            Assert.Fail($"The process ended too early: {await end}");
        await awaited;
    }

    private async Task<string> ReadAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            _said.Write($"{line}\n");
        }
        return text.ToString();
    }

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>
    /// Waits for the end of the process, killed or not, and returns its output. The output is complete when every process that
    /// can write to it has ended.
    /// </summary>
    public async Task<ChildResult> EndAsync()
    {
        await _process.WaitForExitAsync();
        return new(_process.ExitCode, await _output, await _error);
    }

    /// <summary>Kills the process with SIGKILL.</summary>
    /// <param name="children">Whether its child processes are killed too; otherwise Terraform continues to run.</param>
    public void Kill(bool children)
    {
        _process.Kill(entireProcessTree: children);
        _process.WaitForExit();
    }

    /// <summary>Sends the process, and not its children, a signal that a terminal or a service manager sends.</summary>
    /// <param name="signal">Its name without SIG: HUP, INT, TERM.</param>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            Kill(children: true);
        _process.Dispose();
    }
}
