using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>The header of an encrypted file. It is readable without the key and protected against change.</summary>
/// <param name="Format">The version of the format.</param>
/// <param name="Stack">The stack of the content. Its state key opens the file.</param>
/// <param name="Fingerprint">The fingerprint of that key.</param>
public sealed record EncryptedHeader(int Format, string Stack, string Fingerprint);

/// <summary>An encrypted file is not what was written: it was cut or changed.</summary>
/// <param name="message">The file, what is wrong with it, what to do.</param>
public sealed class DamagedFileException(string message) : PipelineException(message);

/// <summary>
/// An encrypted file on this machine. Only the stack's state key opens it, and only its owner can read it (0600). A reader finds
/// the whole file or no file, and every byte that it gets is authentic. Layout: one line of JSON (<see cref="EncryptedHeader"/>),
/// 16 random bytes, then AES-256-GCM in chunks of 64 KiB. So a large state is not held in memory, and no unchecked byte is
/// returned. Each file has its own key, derived from the state key and the random bytes. A chunk's nonce contains its number and
/// whether it is the last one, so a moved, missing or cut chunk is detected.
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

    /// <summary>
    /// Writes a file in one step: first a draft beside it; when the draft is completely on the disk, it gets the file's name.
    /// </summary>
    /// <param name="path">The file. An existing file is replaced. A missing directory is created (0700).</param>
    /// <param name="stack">The stack of the content.</param>
    /// <param name="key">That stack's state key.</param>
    /// <param name="content">The content to encrypt, read from its current position to its end.</param>
    /// <param name="cancellation">Stops the write. The file is then unchanged.</param>
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
                await EncryptAsync(file, new(Format, stack, key.Fingerprint), key, content, cancellation);
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

    /// <summary>Opens a file as a stream that can seek, as an upload needs it. The caller disposes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keys">The state keys. The current or the previous key must have encrypted the file.</param>
    /// <exception cref="PipelineException">
    /// The file is not an encrypted file, is encrypted with another key, or is damaged. A cut file is detected here; damage in
    /// the middle is detected when that part is read.
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
                    $"{path}: encrypted with the state key {header.Fingerprint} of stack {header.Stack}; the given keys are "
                        + $"{string.Join(", ", keys.AllOf(header.Stack))}. Set {StateKeys.VariableOf(header.Stack)} or "
                        + $"{StateKeys.PreviousVariableOf(header.Stack)} to that key."
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

    /// <summary>Reads the header of a file. It needs no key.</summary>
    /// <exception cref="PipelineException">The file is not an encrypted file.</exception>
    public static EncryptedHeader ReadHeader(string path)
    {
        using var file = File.OpenRead(path);
        return ReadHeader(path, file).Header;
    }

    internal static DamagedFileException Damaged(string path) =>
        new(
            $"{path}: damaged: it was cut or changed after it was encrypted. Its content cannot be trusted. Restore the file "
                + "from a copy if there is one; otherwise delete it."
        );

    internal static byte[] Nonce(long number, bool last)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(nonce, number);
        nonce[^1] = last ? (byte)1 : (byte)0;
        return nonce;
    }

    private static async Task EncryptAsync(
        FileStream file,
        EncryptedHeader header,
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
        var encrypted = new byte[ChunkSize + TagSize];
        var size = await content.ReadAtLeastAsync(chunk, ChunkSize, throwOnEndOfStream: false, cancellation);
        for (long number = 0; ; number++)
        {
            // The last chunk is marked, so the next chunk is read before this one is encrypted.
            var following =
                size < ChunkSize ? 0 : await content.ReadAtLeastAsync(next, ChunkSize, throwOnEndOfStream: false, cancellation);
            var last = following == 0;
            cipher.Encrypt(
                Nonce(number, last),
                chunk.AsSpan(0, size),
                encrypted.AsSpan(0, size),
                encrypted.AsSpan(size, TagSize),
                line
            );
            await file.WriteAsync(encrypted.AsMemory(0, size + TagSize), cancellation);
            if (last)
                return;
            (chunk, next, size) = (next, chunk, following);
        }
    }

    private static (EncryptedHeader Header, byte[] Bytes) ReadHeader(string path, Stream file)
    {
        var line = new List<byte>();
        for (var read = file.ReadByte(); read >= 0 && line.Count < HeaderLimit; read = file.ReadByte())
        {
            line.Add((byte)read);
            if (read == '\n')
                break;
        }
        byte[] bytes = [.. line];
        return (Parse(bytes) ?? throw new PipelineException($"{path}: not an encrypted file of format {Format}."), bytes);
    }

    private static EncryptedHeader? Parse(byte[] line)
    {
        try
        {
            return
                JsonSerializer.Deserialize<EncryptedHeader>(line, JsonSerializerOptions.Web)
                    is { Format: Format, Stack: not null, Fingerprint: not null } header
                ? header
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The text is part of the derivation: a change makes existing files unreadable.
    private static byte[] FileKey(StateKey key, byte[] salt) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Derive("sealed file"), outputLength: 32, salt);

    // Removes incomplete drafts of killed runs. Their content is encrypted, and no run uses them.
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
