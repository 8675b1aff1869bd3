using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary>
/// One <c>sandbox up</c> or <c>sandbox down</c> at a time in a directory. The kernel releases the lock (flock) when the process
/// ends.
/// </summary>
internal sealed class SandboxLock : IDisposable
{
    private static readonly TimeSpan _between = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _held;

    private SandboxLock(FileStream held) => _held = held;

    /// <summary>Waits until no other command works in the directory, and creates the directory if it does not exist.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="say">Called once if there is a wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<SandboxLock> TakeAsync(
        SandboxDirectory directory,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var said = false;
        while (true)
        {
            PrivateFiles.CreateDirectory(directory.FullPath);
            if (Try(directory.Lock) is { } held)
            {
                // "down" deletes the file at its end. If this process opened it before, it has locked a deleted file, and the
                // path leads to another file that can be locked again.
                if (Try(directory.Lock) is not { } other)
                    return new(held);
                await other.DisposeAsync();
                await held.DisposeAsync();
                continue;
            }
            if (!said)
                say($"Another \"sandbox up\" or \"sandbox down\" works in {directory.FullPath}. Waiting for its end.");
            said = true;
            await Task.Delay(_between, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    private static FileStream? Try(string file)
    {
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null; // held by another process, or "down" has removed the directory
        }
    }
}
