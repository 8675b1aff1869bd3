using System.Globalization;
using System.Text.Json;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>An entry that waits on this machine.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="File">The sealed file.</param>
public sealed record QueuedEntry(string Stack, string File);

/// <summary>
/// Entries on their way to the archive, each sealed in a file with the stack's state key. Every entry goes through here: a run that is killed, or finds the bucket
/// out of reach, leaves it to the next.
/// </summary>
/// <param name="directory">Where the files lie.</param>
/// <param name="keys">The state keys.</param>
public sealed class ArchiveQueue(string directory, StateKeys keys)
{
    private const string Extension = ".entry";

    /// <summary>What waits, the oldest of each stack first. No key is needed to ask.</summary>
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

    /// <summary>Keeps an entry; when the call returns it is on the disk.</summary>
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

    /// <summary>Writes what waits of a stack to the archive, the oldest first, and forgets each that is there.</summary>
    /// <returns>What was written.</returns>
    /// <exception cref="StorageException">The archive could not be written to; what was not written still waits.</exception>
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
