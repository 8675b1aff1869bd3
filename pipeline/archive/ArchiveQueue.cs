using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>An entry that is queued on this machine.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="File">The encrypted file.</param>
public sealed record QueuedEntry(string Stack, string File);

/// <summary>
/// The queue of entries for the archive. Each entry is in a file that is encrypted with the stack's state key. Every entry goes
/// through the queue. If a run is killed or cannot reach the bucket, the next run sends the entry.
/// </summary>
/// <param name="directory">The directory of the files.</param>
/// <param name="keys">The state keys.</param>
/// <param name="say">Called with each line that a user must see.</param>
public sealed partial class ArchiveQueue(string directory, StateKeys keys, Action<string>? say = null)
{
    private const string Extension = ".entry";
    private const string DamagedExtension = ".damaged";

    /// <summary>Entries that were set aside because they are damaged.</summary>
    public IReadOnlyList<QueuedEntry> Damaged => Named($"*{Extension}{DamagedExtension}");

    /// <summary>
    /// The queued entries, the oldest of each stack first. Only their names are read: another run may send and delete one
    /// meanwhile.
    /// </summary>
    public IReadOnlyList<QueuedEntry> Pending => Named($"*{Extension}");

    /// <summary>Adds an entry. When the call returns, the entry is on the disk.</summary>
    public async Task<QueuedEntry> AddAsync(ArchiveDraft draft, CancellationToken cancellation)
    {
        var manifest = draft.Manifest;
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{manifest.Stack}-{manifest.Started.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}-{manifest.Version}{Extension}"
        );
        var file = Path.Combine(directory, name);
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(draft, Manifest.Json));
        await EncryptedFile.WriteAsync(file, manifest.Stack, keys.Of(manifest.Stack), content, cancellation);
        return new(manifest.Stack, file);
    }

    /// <summary>
    /// Writes a stack's queued entries to the archive, the oldest first, and removes each one from the queue after its write. An
    /// entry that another run has sent meanwhile is left out. A damaged entry is set aside, so that it does not block the others.
    /// </summary>
    /// <returns>The entries that were written.</returns>
    /// <exception cref="StorageException">
    /// The archive could not be written to. The unwritten entries stay in the queue.
    /// </exception>
    public async Task<IReadOnlyList<ArchiveEntry>> SendAsync(StateArchive archive, string stack, CancellationToken cancellation)
    {
        var sent = new List<ArchiveEntry>();
        foreach (var waiting in Pending.Where(entry => entry.Stack == stack))
        {
            if (await ReadAsync(waiting, cancellation) is not { } draft)
                continue;
            sent.Add(await archive.AddAsync(draft, cancellation));
            File.Delete(waiting.File);
        }
        return sent;
    }

    // Null if the entry is not in the queue any more, or is damaged.
    private async Task<ArchiveDraft?> ReadAsync(QueuedEntry waiting, CancellationToken cancellation)
    {
        try
        {
            await using var content = EncryptedFile.OpenRead(waiting.File, keys);
            return (await JsonSerializer.DeserializeAsync<ArchiveDraft>(content, Manifest.Json, cancellation))!;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception)
            when (exception is DamagedFileException or JsonException || (exception is PipelineException && !HasHeader(waiting)))
        {
            var aside = waiting.File + DamagedExtension;
            File.Move(waiting.File, aside, overwrite: true);
            say?.Invoke(
                $"{waiting.Stack}: a queued version is damaged and is set aside as {aside}. It cannot be archived. \"backup "
                    + $"{waiting.Stack}\" archives the live state; then delete that file."
            );
            return null;
        }
    }

    // An entry of another key has a header; it is not damaged.
    private static bool HasHeader(QueuedEntry waiting)
    {
        try
        {
            return EncryptedFile.ReadHeader(waiting.File).Stack == waiting.Stack;
        }
        catch (PipelineException)
        {
            return false;
        }
    }

    private IReadOnlyList<QueuedEntry> Named(string pattern) =>
        !Directory.Exists(directory)
            ? []
            :
            [
                .. Directory
                    .EnumerateFiles(directory, pattern)
                    .Order(StringComparer.Ordinal)
                    .Select(file => (file, name: Name().Match(Path.GetFileName(file))))
                    .Where(found => found.name.Success)
                    .Select(found => new QueuedEntry(found.name.Groups["stack"].Value, found.file)),
            ];

    // AddAsync makes these names.
    [GeneratedRegex(@"^(?<stack>.+?)-\d{8}T\d{9}Z-.+\.entry")]
    private static partial Regex Name();
}
