using System.Diagnostics;

namespace InfraCdktf.Sandbox.Hosting;

/// <summary>
/// The process that Terraform is given as the providers' process. Terraform watches this process, and 1.11.4 kills it (SIGKILL)
/// if the port does not answer. Therefore it must be running and must not be the sandbox itself. It is `cat` on a pipe that only
/// the sandbox holds open, so it ends with the sandbox, including by SIGKILL. It ignores Ctrl-C, as real providers do: the
/// terminal sends the signal to all processes, and Terraform still needs its providers while it stops.
/// </summary>
internal sealed class Decoy : IDisposable
{
    private Process? _process;

    public Decoy() =>
        _process = Process.Start(
            new ProcessStartInfo("sh", ["-c", "trap '' INT; exec cat"])
            {
                // All three are redirected: the decoy may end shortly after the sandbox and must not keep its output open.
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    public int ProcessId => _process!.Id;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _process, null) is not { } process)
            return;
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
