using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using InfraCdktf.Sandbox.Hosting;

namespace InfraCdktf.Sandbox.Commands;

/// <summary>Runs a program in the environment of a sandbox.</summary>
internal static class RunCommand
{
    private const int NotFound = 127;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>
    /// Returns the program's exit code; 127 if the program cannot be started. Ctrl-C and SIGTERM reach the program, and the
    /// sandbox ends after it.
    /// </summary>
    public static async Task<int> RunAsync(SandboxOptions options, string[] command, CancellationToken ct)
    {
        await using var sandbox = await CloudSandbox.StartAsync(options, ct);
        // The program of this project then writes its files there too: nothing of a sandbox may reach a real deploy.
        sandbox.RecordIn(sandbox.Account.Directory);
        var start = new ProcessStartInfo(command[0], command[1..]);
        foreach (var (name, value) in sandbox.Environment)
            start.Environment[name] = value;
        start.Environment[SandboxRecord.Variable] = sandbox.Account.Directory;
        try
        {
            using var child = Process.Start(start)!;
            // A terminal sends SIGINT to the whole process group, so the child gets it too. Only this process gets SIGTERM.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => c.Cancel = true);
            using var terminate = PosixSignalRegistration.Create(
                PosixSignal.SIGTERM,
                c =>
                {
                    c.Cancel = true;
                    Process
                        .Start("kill", ["-TERM", child.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])
                        .Dispose();
                }
            );
            await child.WaitForExitAsync(CancellationToken.None);
            return child.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            await Console.Error.WriteLineAsync(
                $"sandbox run: cannot start \"{command[0]}\": {e.Message}. Install the program and check PATH."
            );
            return NotFound;
        }
    }
}
