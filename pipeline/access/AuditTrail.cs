using System.Text.Json;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// Keeps audit records of what people did outside of an apply: in the archive bucket, locked. Where that cannot be reached, which must not stop somebody who
/// mends the platform, in a file that is to be put there later.
/// </summary>
public static class AuditTrail
{
    /// <summary>Writes a record and says where it lies.</summary>
    public static async Task<string> KeepAsync(
        Workspace workspace,
        AuditRecord record,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        try
        {
            using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
            await StateArchive.Of(workspace, buckets).Audit.WriteAsync(record, cancellation);
            return AuditLog.KeyOf(record);
        }
        catch (PipelineException unreachable)
        {
            var file = Path.Combine(workspace.Directory, "outputs", AuditLog.KeyOf(record));
            PrivateFiles.CreateDirectory(Path.GetDirectoryName(file)!);
            await using (var stream = PrivateFiles.Create(file))
                await JsonSerializer.SerializeAsync(stream, record, Manifest.Json, cancellation);
            output.Line(
                $"The audit record could not be locked away: {unreachable.Message}\nIt lies in {file}. Hand it to somebody else of the platform team now, and put it into the archive bucket under that name (from audit/ on) when the bucket answers."
            );
            return file;
        }
    }
}
