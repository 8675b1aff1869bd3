using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>What a sealed file says without the key, in the clear and protected against change.</summary>
/// <param name="Format">The version of the format.</param>
/// <param name="Stack">Whose content it is: says which state key opens it.</param>
/// <param name="Fingerprint">The fingerprint of that key.</param>
public sealed record SealedHeader(int Format, string Stack, string Fingerprint);

/// <summary>
/// A file on this machine that only the stack's state key opens, readable by its owner alone (0600). A reader finds the whole file or none, never a
/// part; every byte it gets is authentic. Layout: one line of JSON (<see cref="SealedHeader"/>), 16 random bytes, then AES-256-GCM in chunks of 64 KiB, so
/// that a large state is neither held in memory nor handed out unchecked. Each file has a key of its own, derived from the state key and
/// its random bytes; a chunk's nonce is its number and whether it is the last, so that none can be moved, left out or cut off unseen.
/// </summary>
public static class EncryptedFile
{
    internal const int ChunkSize = 64 * 1024;
    internal const int TagSize = 16;
    private const int SaltSize = 16;
    private const int HeaderLimit = 1024;
    private const int Format = 1;

    private const string DraftEnd = ".draft";
    private static readonly TimeSpan _draftAge = TimeSpan.FromHours(1);

    /// <summary>Writes a file in one step: first a draft beside it, then, when all of it is on the disk, under its name.</summary>
    /// <param name="path">The file; one that is there already is replaced. Its directory is made (0700) when it is not there.</param>
    /// <param name="stack">Whose content it is.</param>
    /// <param name="key">That stack's state key.</param>
    /// <param name="content">What to seal, read from where it stands to its end.</param>
    /// <param name="cancellation">Gives up; the file is then as it was.</param>
    public static async Task WriteAsync(string path, string stack, StateKey key, Stream content, CancellationToken cancellation)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        PrivateFiles.CreateDirectory(directory);
        RemoveOldDrafts(directory);
        var draft = $"{path}.{Guid.NewGuid():N}{DraftEnd}";
        try
        {
            await using (var file = PrivateFiles.Create(draft))
            {
                await SealAsync(file, new(Format, stack, key.Fingerprint), key, content, cancellation);
                file.Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>Opens a file: a stream that can seek, as an upload wants it. Whoever gets it disposes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keys">The state keys: today's or the one before must have sealed it.</param>
    /// <exception cref="PipelineException">
    /// It is no sealed file, was sealed with another key, or is damaged. A file that was cut is noticed here; damage in the middle when that
    /// part is read.
    /// </exception>
    public static Stream OpenRead(string path, StateKeys keys)
    {
        var file = File.OpenRead(path);
        try
        {
            var (header, bytes) = ReadHeader(path, file);
            var key =
                keys.AllOf(header.Stack).FirstOrDefault(key => key.Fingerprint == header.Fingerprint)
                ?? throw new PipelineException(
                    $"{path}: sealed with the state key {header.Fingerprint} of stack {header.Stack}; the keys given are "
                        + $"{string.Join(", ", keys.AllOf(header.Stack))}. Set {StateKeys.VariableOf(header.Stack)} or {StateKeys.PreviousVariableOf(header.Stack)} to that key."
                );
            var salt = new byte[SaltSize];
            if (file.ReadAtLeast(salt, SaltSize, throwOnEndOfStream: false) < SaltSize)
                throw Damaged(path);
            return new EncryptedStream(path, file, FileKey(key, salt), bytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Says whose a file is, without any key.</summary>
    /// <exception cref="PipelineException">It is no sealed file.</exception>
    public static SealedHeader ReadHeader(string path)
    {
        using var file = File.OpenRead(path);
        return ReadHeader(path, file).Header;
    }

    internal static PipelineException Damaged(string path) =>
        new(
            $"{path}: damaged: it was cut or changed after it was sealed. Nothing in it can be trusted. Take the file from a copy if there is one; otherwise delete it."
        );

    internal static byte[] Nonce(long number, bool last)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(nonce, number);
        nonce[^1] = last ? (byte)1 : (byte)0;
        return nonce;
    }

    private static async Task SealAsync(
        FileStream file,
        SealedHeader header,
        StateKey key,
        Stream content,
        CancellationToken cancellation
    )
    {
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header, JsonSerializerOptions.Web) + "\n");
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        await file.WriteAsync(line, cancellation);
        await file.WriteAsync(salt, cancellation);
        using var cipher = new AesGcm(FileKey(key, salt), TagSize);
        var (chunk, next) = (new byte[ChunkSize], new byte[ChunkSize]);
        var sealedChunk = new byte[ChunkSize + TagSize];
        var size = await content.ReadAtLeastAsync(chunk, ChunkSize, throwOnEndOfStream: false, cancellation);
        for (long number = 0; ; number++)
        {
            // The last chunk is marked as such, so the one after it is read first.
            var following =
                size < ChunkSize ? 0 : await content.ReadAtLeastAsync(next, ChunkSize, throwOnEndOfStream: false, cancellation);
            var last = following == 0;
            cipher.Encrypt(
                Nonce(number, last),
                chunk.AsSpan(0, size),
                sealedChunk.AsSpan(0, size),
                sealedChunk.AsSpan(size, TagSize),
                line
            );
            await file.WriteAsync(sealedChunk.AsMemory(0, size + TagSize), cancellation);
            if (last)
                return;
            (chunk, next, size) = (next, chunk, following);
        }
    }

    private static (SealedHeader Header, byte[] Bytes) ReadHeader(string path, Stream file)
    {
        var line = new List<byte>();
        for (var read = file.ReadByte(); read >= 0 && line.Count < HeaderLimit; read = file.ReadByte())
        {
            line.Add((byte)read);
            if (read == '\n')
                break;
        }
        byte[] bytes = [.. line];
        return (Parse(bytes) ?? throw new PipelineException($"{path}: not a sealed file of format {Format}."), bytes);
    }

    private static SealedHeader? Parse(byte[] line)
    {
        try
        {
            return
                JsonSerializer.Deserialize<SealedHeader>(line, JsonSerializerOptions.Web)
                    is { Format: Format, Stack: not null, Fingerprint: not null } header
                ? header
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] FileKey(StateKey key, byte[] salt) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Derive("sealed file"), outputLength: 32, salt);

    // What a killed run left half-written: sealed already, but nobody's.
    private static void RemoveOldDrafts(string directory)
    {
        foreach (
            var draft in Directory
                .EnumerateFiles(directory, $"*{DraftEnd}")
                .Where(draft => DateTime.UtcNow - File.GetLastWriteTimeUtc(draft) > _draftAge)
        )
            File.Delete(draft);
    }
}
