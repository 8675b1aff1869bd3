using System.Globalization;
using System.Text.Json;
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
public sealed class ArchiveQueue(string directory, StateKeys keys)
{
    private const string Extension = ".entry";

    /// <summary>The queued entries, the oldest of each stack first. No key is needed to list them.</summary>
    public IReadOnlyList<QueuedEntry> Pending =>
        Directory.Exists(directory)
            ?
            [
                .. Directory
                    .EnumerateFiles(directory, $"*{Extension}")
                    .Order(StringComparer.Ordinal)
                    .Select(file => new QueuedEntry(EncryptedFile.ReadHeader(file).Stack, file)),
            ]
            : [];

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
    /// Writes a stack's queued entries to the archive, the oldest first, and removes each one from the queue after its write.
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
            ArchiveDraft draft;
            await using (var content = EncryptedFile.OpenRead(waiting.File, keys))
                draft = (await JsonSerializer.DeserializeAsync<ArchiveDraft>(content, Manifest.Json, cancellation))!;
            sent.Add(await archive.AddAsync(draft, cancellation));
            File.Delete(waiting.File);
        }
        return sent;
    }
}
