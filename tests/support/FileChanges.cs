namespace InfraCdktf.Tests.Support;

/// <summary>The changes of files below directories, by any thread or process. The file system reports them.</summary>
internal sealed class FileChanges : IDisposable
{
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly SemaphoreSlim _changed = new(0);
    private int _count;

    /// <summary>Begins to count.</summary>
    public FileChanges(params IReadOnlyList<string> directories)
    {
        foreach (var directory in directories)
        {
            var watcher = new FileSystemWatcher(directory) { IncludeSubdirectories = true };
            watcher.Changed += (_, _) => Add();
            watcher.Created += (_, _) => Add();
            watcher.Deleted += (_, _) => Add();
            watcher.Renamed += (_, _) => Add();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
    }

    /// <summary>The number of changes so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Returns when a condition is true. It is checked at the start and after each change below a directory.</summary>
    /// <exception cref="TimeoutException">The condition is not true after the longest wait of a test.</exception>
    public static async Task UntilAsync(string directory, Func<bool> condition)
    {
        using var changes = new FileChanges(directory);
        await changes.UntilAsync(condition);
    }

    /// <summary>Returns when there are this many changes.</summary>
    /// <exception cref="TimeoutException">There are fewer after the longest wait of a test.</exception>
    public Task ReachAsync(int count) => UntilAsync(() => Count >= count);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var watcher in _watchers)
            watcher.Dispose();
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        var patience = Patience.Token;
        while (!condition())
        {
            try
            {
                await _changed.WaitAsync(patience);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException("The test waited for a change of a file that did not come.");
            }
        }
    }

    private void Add()
    {
        Interlocked.Increment(ref _count);
        _changed.Release();
    }
}
