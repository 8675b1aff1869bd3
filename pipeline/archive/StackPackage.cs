using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>
/// A stack directory in one file (tar.gz): what Terraform needs to plan it again on another machine, and nothing else that lies there (providers, saved plans, a state that
/// could not be written). The same files give the same bytes, wherever and whenever they are packed.
/// </summary>
/// <param name="Bytes">The packed file.</param>
/// <param name="Digest">SHA-256, in hex, of what is packed: unlike <paramref name="Bytes"/> it does not depend on how well it was compressed.</param>
public sealed record StackPackage(byte[] Bytes, string Digest)
{
    /// <summary>Where Terraform writes down which providers it chose.</summary>
    public const string LockFile = ".terraform.lock.hcl";

    private static readonly string[] _parts = [StackDirectory.FileName, LockFile, "assets"];

    /// <summary>Packs a stack directory.</summary>
    public static StackPackage Pack(string directory)
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, leaveOpen: true))
        {
            foreach (var file in Files(directory))
            {
                using var source = File.OpenRead(file);
                // GNU: the pax format of .NET names each entry after the process that wrote it.
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
        var digest = Convert.ToHexStringLower(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            content.WriteTo(gzip);
        return new(packed.ToArray(), digest);
    }

    /// <summary>Unpacks into a directory.</summary>
    /// <param name="package">What <see cref="Pack"/> gave.</param>
    /// <param name="directory">An existing directory; nothing in it is written over.</param>
    /// <param name="cancellation">Gives up half-way.</param>
    /// <exception cref="PipelineException">It holds what no package of ours holds: a link, a path that leaves the directory, a file twice.</exception>
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

    // Only what Pack writes: files with a relative path of plain names.
    private static string Target(TarEntry entry, string directory)
    {
        var names = entry.Name.Split('/');
        var plain = names.All(name => name is not ("" or "." or "..") && name.IndexOfAny(['\\', ':', '\0']) < 0);
        var path = Path.Combine([directory, .. names]);
        if (!plain || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || File.Exists(path))
        {
            throw new PipelineException(
                $"The packed configuration holds \"{entry.Name}\" ({entry.EntryType}), which no package of ours holds: it was not written by this program. Use another version."
            );
        }
        return path;
    }
}
