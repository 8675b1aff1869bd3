using InfraCdktf.Pipeline.Processes;

namespace InfraCdktf.Tests.Pipeline.Processes;

/// <summary>
/// A program gets the given arguments and environment, is interrupted only once, and has ended when the call returns.
/// </summary>
[Trait("Level", "real")]
public sealed class ChildProcessTests
{
    [Fact]
    public async Task ChildProcess_returns_the_streams_and_inherits_no_variables()
    {
        var result = await RunAsync("echo out; echo err >&2; env | grep -v -e ^PWD -e ^_= -e ^SHLVL | sort >&2; exit 3");

        Assert.Equal((3, "out\n"), (result.ExitCode, result.Output));
        Assert.Equal($"err\nGIVEN=yes\nPATH={SearchPath}\n", result.Error);
    }

    [Fact]
    public async Task ChildProcess_interrupts_once_on_a_stop_and_waits()
    {
        // Not a trap of a shell: a shell from a background job has SIGINT ignored and cannot trap it. Node.js can handle SIGINT,
        // as Terraform can.
        using var stop = new CancellationTokenSource();
        var stopped = await Assert.ThrowsAsync<ChildStoppedException>(() =>
            RunAsync(
                """
                exec node -e 'process.on("SIGINT", () => {
                  console.log("interrupted"); setTimeout(() => { console.log("state written"); process.exit(0); }, 200);
                });
                console.log("ready"); setInterval(() => {}, 1000);'
                """,
                stop,
                on: "ready"
            )
        );

        Assert.Equal("ready\ninterrupted\nstate written\n", stopped.Result.Output);
        Assert.Equal(0, stopped.Result.ExitCode);
    }

    [Fact]
    public async Task ChildProcess_sends_no_second_interrupt_after_the_terminal()
    {
        // Two interrupts make Terraform abandon calls in flight.
        using var stop = new CancellationTokenSource();
        var stopped = await Assert.ThrowsAsync<ChildStoppedException>(() =>
            RunAsync(
                "trap 'echo a second interrupt' INT; echo 'Interrupt received.'; "
                    + "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; done; echo end",
                stop,
                on: "Interrupt received."
            )
        );

        Assert.Equal("Interrupt received.\nend\n", stopped.Result.Output);
    }

    private static string SearchPath => System.Environment.GetEnvironmentVariable("PATH")!;

    private Task<ChildResult> RunAsync(string script, CancellationTokenSource? stop = null, string? on = null) =>
        ChildProcess.RunAsync(
            "bash",
            ["-c", script],
            Path.GetTempPath(),
            new Dictionary<string, string> { ["PATH"] = SearchPath, ["GIVEN"] = "yes" },
            line =>
            {
                if (line == on)
                    stop!.Cancel();
            },
            stop?.Token ?? CancellationToken.None
        );
}
