using System.Runtime.InteropServices;
using System.Text.Json;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Sandbox.Commands;

/// <summary>Runs a sandbox as a process of its own that outlives the program that starts it.</summary>
internal static class ServeCommand
{
    /// <summary>
    /// Starts a sandbox and writes its environment to standard output: one line of JSON. Then it waits for a line on standard
    /// input, which says that the process is recorded, and runs until SIGTERM. If standard input ends before, nobody knows the
    /// process, and it ends. It has its own session, so neither Ctrl-C nor the end of a terminal reaches it.
    /// </summary>
    public static async Task<int> RunAsync(SandboxOptions options, string record, CancellationToken ct)
    {
        _ = setsid();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var terminate = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            signal =>
            {
                signal.Cancel = true;
                stop.Cancel();
            }
        );
        Account.ForgetSharedFaults(Directory.CreateDirectory(options.Directory).FullName);
        await using var sandbox = await CloudSandbox.StartAsync(options, stop.Token);
        sandbox.RecordIn(record);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(sandbox.Environment));
        if (await Console.In.ReadLineAsync(stop.Token) is null)
            return 1;
        await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, CancellationToken.None);
        return 0;
    }

    [DllImport("libc")]
    private static extern int setsid();
}
