using InfraCdktf.Pipeline.Processes;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>
/// A directory for files that must not be written to a disk. It is in memory (<c>/dev/shm</c>) if the system has that directory,
/// otherwise among the temporary files. Only its owner can read it (0700). Disposing removes it. If its process was killed, the
/// next process with the same purpose takes it over.
/// </summary>
public sealed class PrivateDirectory : IDisposable
{
    private const string Memory = "/dev/shm";

    // The file is locked, not read. The kernel releases the lock in any case when the process ends.
    private const string HoldName = ".held";

    // Between the creation of a directory and its lock the directory has no holder yet.
    private static readonly TimeSpan _untilHeld = TimeSpan.FromMinutes(1);

    private readonly FileStream _hold;

    private PrivateDirectory(string path, FileStream hold) => (Path, _hold) = (path, hold);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Creates a directory.</summary>
    /// <param name="purpose">The purpose: letters, digits and hyphens. <see cref="TakeLeft"/> finds the directory by it.</param>
    public static PrivateDirectory Create(string purpose)
    {
        var path = System.IO.Path.Combine(Places().First(), $"{Prefix(purpose)}{Guid.NewGuid():N}");
        PrivateFiles.CreateDirectory(path);
        return new(path, Hold(path) ?? throw new IOException($"{path}: another process took it."));
    }

    /// <summary>
    /// The paths of all directories with a purpose, held or not. Only directories that belong to this user and that no other user
    /// can open: everyone may create a directory of any name there.
    /// </summary>
    public static IReadOnlyList<string> Find(string purpose) =>
        [.. Places().SelectMany(place => Directory.EnumerateDirectories(place, $"{Prefix(purpose)}*")).Where(PrivateFiles.IsOwn)];

    /// <summary>Takes over the directories of killed processes: no process holds them or works in them.</summary>
    public static IReadOnlyList<PrivateDirectory> TakeLeft(string purpose) =>
        [.. Find(purpose).Select(Take).OfType<PrivateDirectory>()];

    /// <summary>Deletes the directory with its content.</summary>
    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        _hold.Dispose();
    }

    /// <summary>Releases the directory without deleting it, for content that could not be moved.</summary>
    public void Leave() => _hold.Dispose();

    private static PrivateDirectory? Take(string path)
    {
        if (
            DateTime.UtcNow - Directory.GetCreationTimeUtc(path) < _untilHeld
            && !File.Exists(System.IO.Path.Combine(path, HoldName))
        )
            return null;
        if (Hold(path) is not { } hold)
            return null;
        // If only this program is killed, Terraform continues and may still write its state there.
        if (!ProcessLinks.Any("cwd", path))
            return new(path, hold);
        hold.Dispose();
        return null;
    }

    private static FileStream? Hold(string path)
    {
        try
        {
            // On Unix FileShare.None is an advisory lock (flock) of this process.
            return new(System.IO.Path.Combine(path, HoldName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // held by another process, removed meanwhile, or owned by another user
        }
    }

    private static string Prefix(string purpose) => $"infra-cdktf-{purpose}.";

    private static IEnumerable<string> Places() =>
        Directory.Exists(Memory) ? [Memory, System.IO.Path.GetTempPath()] : [System.IO.Path.GetTempPath()];
}
