using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Rollback;

/// <summary>
/// A version of a stack, unpacked from the archive into a directory that only its owner can read, laid out as synthesis lays it out; gone when it is
/// disposed of. It holds configuration alone: no state, no secret.
/// </summary>
public sealed class UnpackedVersion : IDisposable
{
    private readonly string _stack;

    private UnpackedVersion(string stack) =>
        (_stack, Output) = (stack, Directory.CreateTempSubdirectory($"infra-cdktf-version-{stack}-").FullName);

    /// <summary>The directory that stands for <c>cdktf.out</c>.</summary>
    public string Output { get; }

    /// <summary>The stack as it was.</summary>
    public StackDirectory Stack => StackDirectory.Read(Output, _stack);

    /// <summary>Unpacks a version; its digest is verified.</summary>
    /// <exception cref="PipelineException">It is not what was written.</exception>
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
