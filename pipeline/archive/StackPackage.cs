using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>
/// A stack directory in one file (tar.gz). It contains only what Terraform needs to plan the stack on another machine. It leaves
/// out everything else in the directory (providers, saved plans, a state that could not be written). The same files always give
/// the same bytes, on every machine and at any time.
/// </summary>
/// <param name="Bytes">The packed file.</param>
/// <param name="Digest">
/// SHA-256, in hex, of the content. Unlike <paramref name="Bytes"/> it does not depend on the compression.
/// </param>
public sealed record StackPackage(byte[] Bytes, string Digest)
{
    /// <summary>The file in which Terraform records the providers that it selected.</summary>
    public const string LockFile = ".terraform.lock.hcl";

    private static readonly string[] _parts = [StackDirectory.FileName, LockFile, "assets"];

    /// <summary>Packs a stack directory.</summary>
    public static StackPackage Pack(string directory)
    {
        using var packed = new MemoryStream();
        using var digest = SHA256.Create();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var hashed = new CryptoStream(gzip, digest, CryptoStreamMode.Write))
        using (var tar = new TarWriter(hashed, leaveOpen: true))
        {
            foreach (var file in Files(directory))
            {
                using var source = File.OpenRead(file);
                // GNU format: in the pax format of .NET the name of each entry contains the id of the process that wrote it.
                tar.WriteEntry(
                    new GnuTarEntry(TarEntryType.RegularFile, Path.GetRelativePath(directory, file).Replace('\\', '/'))
                    {
                        DataStream = source,
                        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                        ModificationTime = DateTimeOffset.UnixEpoch,
                        AccessTime = default,
                        ChangeTime = default,
                    }
                );
            }
        }
        return new(packed.ToArray(), Convert.ToHexStringLower(digest.Hash!));
    }

    /// <summary>The digest of a packed file's content; null if it cannot be decompressed.</summary>
    /// <param name="packed">The result of <see cref="Pack"/>.</param>
    public static string? DigestOf(byte[] packed)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            return Convert.ToHexStringLower(SHA256.HashData(gzip));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Unpacks into a directory.</summary>
    /// <param name="package">The result of <see cref="Pack"/>.</param>
    /// <param name="directory">An existing directory. No file in it is overwritten.</param>
    /// <param name="cancellation">Stops before all files are unpacked.</param>
    /// <exception cref="PipelineException">
    /// The package contains an entry that <see cref="Pack"/> never writes: a link, a path that leaves the directory, a file
    /// twice.
    /// </exception>
    public static async Task UnpackAsync(Stream package, string directory, CancellationToken cancellation)
    {
        try
        {
            await using var gzip = new GZipStream(package, CompressionMode.Decompress, leaveOpen: true);
            await using var tar = new TarReader(gzip);
            while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                var path = Target(entry, directory);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await using var file = PrivateFiles.Create(path);
                if (entry.DataStream is { } data)
                    await data.CopyToAsync(file, cancellation);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new PipelineException(
                $"The packed configuration cannot be read: {exception.Message} Use another version.",
                exception
            );
        }
    }

    private static IEnumerable<string> Files(string directory) =>
        _parts
            .Select(part => Path.Combine(directory, part))
            .SelectMany(part =>
                Directory.Exists(part) ? Directory.EnumerateFiles(part, "*", SearchOption.AllDirectories)
                : File.Exists(part) ? [part]
                : []
            )
            .Order(StringComparer.Ordinal);

    // Allows only what Pack writes: files with a relative path of plain names.
    private static string Target(TarEntry entry, string directory)
    {
        var names = entry.Name.Split('/');
        var plain = names.All(name => name is not ("" or "." or "..") && name.IndexOfAny(['\\', ':', '\0']) < 0);
        var path = Path.Combine([directory, .. names]);
        if (!plain || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || File.Exists(path))
        {
            throw new PipelineException(
                $"The packed configuration contains \"{entry.Name}\" ({entry.EntryType}); allowed: regular files with a "
                    + "relative path, each once. It was not written by this program. Use another version."
            );
        }
        return path;
    }
}
