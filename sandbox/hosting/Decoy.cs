using System.Diagnostics;

namespace InfraCdktf.Sandbox.Hosting;

/// <summary>
/// The process that Terraform believes to be the provider. It watches that process, and 1.11.4 kills it (SIGKILL) when the
/// port does not answer, so it must live and must not be us. `cat` on a pipe that only we hold open ends with us, however we end.
/// It ignores a Ctrl-C, as real providers do: the terminal sends that to all of us, and Terraform, told to stop, must still hear its providers.
/// </summary>
internal sealed class Decoy : IDisposable
{
    private readonly Process _process;

    public Decoy() =>
        _process = Process.Start(
            new ProcessStartInfo("sh", ["-c", "trap '' INT; exec cat"])
            {
                // All three: a decoy that outlives us for a moment must not keep our own output open.
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    public int ProcessId => _process.Id;

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
