using System.Diagnostics;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Stacks;

namespace InfraCdktf.Tests.Support;

/// <summary>The program as a process of its own, to be killed with SIGKILL: nothing of it can tidy up then.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ProgramProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a command in a workspace, on what was synthesized there; its temporary files go into the workspace's directory.</summary>
    public static ProgramProcess Start(string arguments, Workspace workspace)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(PlatformApp).Assembly.Location, .. arguments.Split(' ')])
        {
            WorkingDirectory = workspace.Directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in workspace.Environment)
            start.Environment[name] = value;
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(workspace.Directory, "temporary")).FullName;
        start.Environment["CDKTF_OUTDIR"] = workspace.Output;
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // the runtime's own sockets in TMPDIR
        return new(Process.Start(start)!);
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Waits for its end, killed or not. What it said is read only as long as somebody can still write to the pipe.</summary>
    public async Task<ChildResult> EndAsync()
    {
        await _process.WaitForExitAsync();
        return new(_process.ExitCode, await _output, await _error);
    }

    /// <summary>Kills it with SIGKILL.</summary>
    /// <param name="children">With what it started; otherwise Terraform goes on alone.</param>
    public void Kill(bool children)
    {
        _process.Kill(entireProcessTree: children);
        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            Kill(children: true);
        _process.Dispose();
    }
}
