using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Rollback;

/// <summary>
/// A version of a stack, unpacked from the archive into a directory that only its owner can read, with the layout of synthesis.
/// Disposing removes it. It contains only configuration: no state, no secret.
/// </summary>
public sealed class UnpackedVersion : IDisposable
{
    private readonly string _stack;

    private UnpackedVersion(string stack) =>
        (_stack, Output) = (stack, Directory.CreateTempSubdirectory($"infra-cdktf-version-{stack}-").FullName);

    /// <summary>The directory that is used instead of <c>cdktf.out</c>.</summary>
    public string Output { get; }

    /// <summary>The unpacked stack.</summary>
    public StackDirectory Stack => StackDirectory.Read(Output, _stack);

    /// <summary>Unpacks a version and verifies its digest.</summary>
    /// <exception cref="PipelineException">The configuration is missing or damaged.</exception>
    public static async Task<UnpackedVersion> OfAsync(StateArchive archive, ArchiveEntry entry, CancellationToken cancellation)
    {
        var version = new UnpackedVersion(entry.Stack);
        try
        {
            var directory = Directory.CreateDirectory(StackDirectory.PathOf(version.Output, entry.Stack)).FullName;
            await archive.ExtractAsync(entry, directory, cancellation);
            return version;
        }
        catch
        {
            version.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Output, recursive: true);
}
