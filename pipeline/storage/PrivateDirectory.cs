using InfraCdktf.Pipeline.Processes;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>
/// A directory for what must not reach a disk: in memory (<c>/dev/shm</c>) where the system has such a place, else among the temporary files; its
/// owner's alone (0700), gone when it is disposed of. A killed process leaves it; the next one of the same purpose takes it over.
/// </summary>
public sealed class PrivateDirectory : IDisposable
{
    private const string Memory = "/dev/shm";

    // Held, not read: the kernel lets go of it however the process ends.
    private const string HoldName = ".held";

    // Between a directory's birth and its hold it looks as if nobody had it.
    private static readonly TimeSpan _young = TimeSpan.FromMinutes(1);

    private readonly FileStream _hold;

    private PrivateDirectory(string path, FileStream hold) => (Path, _hold) = (path, hold);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Makes one.</summary>
    /// <param name="purpose">What it is for: letters, digits and hyphens. <see cref="TakeLeft"/> finds it by the same words.</param>
    public static PrivateDirectory Create(string purpose)
    {
        var path = System.IO.Path.Combine(Places().First(), $"{Prefix(purpose)}{Guid.NewGuid():N}");
        PrivateFiles.CreateDirectory(path);
        return new(path, Hold(path) ?? throw new IOException($"{path}: somebody else took it."));
    }

    /// <summary>Where those of a purpose are, whoever holds them.</summary>
    public static IReadOnlyList<string> Find(string purpose) =>
        [.. Places().SelectMany(place => Directory.EnumerateDirectories(place, $"{Prefix(purpose)}*"))];

    /// <summary>Takes over what killed processes left: nobody holds it and nobody works in it.</summary>
    public static IReadOnlyList<PrivateDirectory> TakeLeft(string purpose) =>
        [.. Find(purpose).Select(Take).OfType<PrivateDirectory>()];

    /// <summary>Deletes it with all it holds.</summary>
    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        _hold.Dispose();
    }

    /// <summary>Lets go of it and leaves it: for what could not be brought elsewhere.</summary>
    public void Leave() => _hold.Dispose();

    private static PrivateDirectory? Take(string path)
    {
        if (DateTime.UtcNow - Directory.GetCreationTimeUtc(path) < _young && !File.Exists(System.IO.Path.Combine(path, HoldName)))
            return null;
        if (Hold(path) is not { } hold)
            return null;
        // Terraform outlives this program when only this program is killed, and may yet write its state there.
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
            return null; // held, gone meanwhile, or another user's
        }
    }

    private static string Prefix(string purpose) => $"infra-cdktf-{purpose}.";

    private static IEnumerable<string> Places() =>
        Directory.Exists(Memory) ? [Memory, System.IO.Path.GetTempPath()] : [System.IO.Path.GetTempPath()];
}
