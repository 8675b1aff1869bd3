using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Pipeline.Processes;

/// <summary>
/// A program gets the given arguments and environment, is interrupted only once, and has ended when the call returns.
/// </summary>
[Trait("Level", "real")]
public sealed class ChildProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ChildProcess_returns_the_streams_and_inherits_no_variables()
    {
        var result = await ChildProcess.RunAsync(
            "bash",
            ["-c", "echo out; echo err >&2; env | grep -v -e ^PWD -e ^_= -e ^SHLVL | sort >&2; exit 3"],
            _directory.Path,
            Environment,
            line: null,
            CancellationToken.None
        );

        Assert.Equal((3, "out\n"), (result.ExitCode, result.Output));
        Assert.Equal($"err\nGIVEN=yes\nPATH={SearchPath}\n", result.Error);
    }

    [Fact]
    public async Task ChildProcess_interrupts_once_on_a_stop_and_waits()
    {
        var clock = new Clock();
        var run = StopAsync("interrupted", on: "ready", clock);
        await clock.PassAsync(); // the time in which a program ends that has got the terminal's Ctrl-C
        await clock.SetAsync(); // the time that an interrupted program has
        await _interrupted.Task.WaitAsync(Patience.Longest);
        Assert.False(run.IsCompleted);
        _directory.Write(Go, "");

        var stopped = await Assert.ThrowsAsync<ChildStoppedException>(() => run);
        Assert.Equal("ready\ninterrupted\nstate written\n", stopped.Result.Output);
        Assert.Equal(0, stopped.Result.ExitCode);
        Assert.Equal((false, "node was interrupted and has ended, with exit code 0."), (stopped.Killed, stopped.Message));
    }

    [Fact]
    public async Task ChildProcess_sends_no_second_interrupt_after_the_terminal()
    {
        // Two interrupts make Terraform abandon calls in flight.
        var clock = new Clock();
        var run = StopAsync("a second interrupt", on: "Interrupt received.", clock);
        await clock.PassAsync();
        await clock.SetAsync(); // an interrupt would have been sent before
        _directory.Write(Go, "");

        var stopped = await Assert.ThrowsAsync<ChildStoppedException>(() => run);
        Assert.Equal("Interrupt received.\nstate written\n", stopped.Result.Output);
    }

    [Fact]
    public async Task ChildProcess_says_when_it_had_to_kill()
    {
        var clock = new Clock();
        var run = StopAsync("interrupted", on: "ready", clock);
        await clock.PassAsync();
        await _interrupted.Task.WaitAsync(Patience.Longest);
        await clock.PassAsync(); // the program does not end in this time

        var stopped = await Assert.ThrowsAsync<ChildStoppedException>(() => run);
        Assert.True(stopped.Killed);
        Assert.StartsWith("node did not end within 60 s after the interrupt and was killed.", stopped.Message);
    }

    private const string Go = "go";

    private readonly TaskCompletionSource _interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string SearchPath => System.Environment.GetEnvironmentVariable("PATH")!;

    private static Dictionary<string, string> Environment => new() { ["PATH"] = SearchPath, ["GIVEN"] = "yes" };

    /// <summary>
    /// Runs a program that says a line on an interrupt and ends when a file exists, and stops it after its first line. Not a
    /// shell: a shell from a background job has SIGINT ignored and cannot trap it. Node.js can handle SIGINT, as Terraform can.
    /// </summary>
    private async Task<ChildResult> StopAsync(string interrupted, string on, TimeProvider clock)
    {
        using var stop = new CancellationTokenSource();
        return await ChildProcess.RunAsync(
            "node",
            [
                "-e",
                $$"""
                const fs = require("fs");
                process.on("SIGINT", () => console.log("{{interrupted}}"));
                fs.watch(".", () => {
                  if (fs.existsSync("{{Go}}")) setImmediate(() => { console.log("state written"); process.exit(0); });
                });
                console.log("{{on}}");
                """,
            ],
            _directory.Path,
            Environment,
            line =>
            {
                if (line == on)
                    stop.Cancel();
                if (line == interrupted)
                    _interrupted.TrySetResult();
            },
            clock,
            stop.Token
        );
    }

    /// <summary>A clock that shows when a time limit is set, and lets it pass.</summary>
    private sealed class Clock : FakeTimeProvider
    {
        private readonly SemaphoreSlim _set = new(0);
        private TimeSpan _limit;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _limit = dueTime;
            _set.Release();
            return timer;
        }

        /// <summary>Waits until the next time limit is set.</summary>
        public Task SetAsync() => _set.WaitAsync(Patience.Token);

        /// <summary>Waits until the next time limit is set, and lets this time pass.</summary>
        public async Task PassAsync()
        {
            await SetAsync();
            Advance(_limit);
        }
    }
}
