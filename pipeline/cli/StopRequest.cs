using System.Runtime.InteropServices;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>
/// The request to stop a command: SIGINT (Ctrl-C), SIGTERM, SIGHUP (the terminal was closed), or the caller's token. A run that
/// was started to ignore a signal (<c>nohup</c>, a background job) still ignores it.
/// </summary>
public sealed class StopRequest : IDisposable
{
    /// <summary>
    /// How long a command may take to end. An interrupted Terraform may take 60 s to write its state (ChildProcess), and its
    /// archive entry 20 s more (StackArchiver). With a shorter limit this process would end first.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly CancellationTokenSource _source;
    private readonly List<PosixSignalRegistration> _signals;
    private int _exitCode;

    /// <summary>Listens from now on.</summary>
    /// <param name="caller">Stops the command too, as Ctrl-C does.</param>
    public StopRequest(CancellationToken caller)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _signals =
        [
            Listen(PosixSignal.SIGINT, Cli.ExitCode.Stopped),
            Listen(PosixSignal.SIGHUP, Cli.ExitCode.Stopped),
            Listen(PosixSignal.SIGTERM, Cli.ExitCode.Terminated),
        ];
    }

    /// <summary>Cancelled by the first request.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of a stopped command: 143 if the first signal was SIGTERM, else 130.</summary>
    public int ExitCode => _exitCode == 0 ? Cli.ExitCode.Stopped : _exitCode;

    /// <summary>
    /// True if a stop was requested, or is requested within half a second. Ctrl-C reaches the child processes at the same time as
    /// this one: a child may have ended before this process has handled the signal.
    /// </summary>
    public bool IsRequestedSoon() => Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(500));

    /// <summary>Waits for the end of a command, after a request at most <see cref="Limit"/>.</summary>
    /// <exception cref="StopOverdueException">The command did not end in time.</exception>
    public async Task<int> EndOfAsync(Task<int> run)
    {
        var requested = new TaskCompletionSource();
        await using var registration = Token.Register(requested.SetResult);
        if (await Task.WhenAny(run, requested.Task) != run && await Task.WhenAny(run, Task.Delay(Limit)) != run)
            throw new StopOverdueException();
        return await run;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _source.Dispose();
    }

    private PosixSignalRegistration Listen(PosixSignal signal, int exitCode) =>
        PosixSignalRegistration.Create(
            signal,
            received =>
            {
                received.Cancel = true;
                _ = Interlocked.CompareExchange(ref _exitCode, exitCode, 0);
                _source.Cancel();
            }
        );
}

/// <summary>A stopped command did not end within <see cref="StopRequest.Limit"/>.</summary>
public sealed class StopOverdueException()
    : OperationCanceledException($"The command did not end within {StopRequest.Limit.TotalSeconds:0} s, so it was given up.");

/// <summary>A synthesis was stopped on request.</summary>
/// <param name="directory">The directory that it was writing.</param>
/// <param name="cause">How it ended; null if it was not begun.</param>
public sealed class SynthesisStoppedException(string directory, Exception? cause)
    : OperationCanceledException(
        $"The synthesis was stopped, so the files in {directory} may be incomplete: the next synthesis writes all of them.",
        cause
    );
