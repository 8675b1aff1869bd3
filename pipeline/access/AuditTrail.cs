using System.Text.Json;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// Writes audit records of actions outside an apply to the locked archive bucket. If the bucket cannot be reached, it writes the
/// record to a local file, so that a repair of the platform can continue; the file must be copied to the bucket later.
/// </summary>
public static class AuditTrail
{
    /// <summary>Writes a record and returns its key in the bucket, or the path of the local file.</summary>
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
                $"The audit record could not be written to the archive bucket: {unreachable.Message}\nIt is in {file}. "
                    + "Send it to another member of the platform team now. When the bucket can be reached again, "
                    + "copy the file to the archive bucket under that name (from audit/ on)."
            );
            return file;
        }
    }
}
