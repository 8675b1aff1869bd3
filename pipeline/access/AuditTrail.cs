using System.Security.Cryptography;
using System.Text.Json;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// Writes audit records of actions outside an apply to the locked archive bucket. If the bucket cannot be reached, it writes the
/// record to a local file, so that a repair of the platform can continue; <see cref="UploadAsync"/> uploads the file later.
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
            var file = Path.Combine(workspace.Files, "outputs", AuditLog.KeyOf(record));
            PrivateFiles.CreateDirectory(Path.GetDirectoryName(file)!);
            await using (var stream = PrivateFiles.Create(file))
                await JsonSerializer.SerializeAsync(stream, record, Manifest.Json, cancellation);
            output.Line(
                $"The audit record could not be written to the archive bucket: {unreachable.Message}\nIt is in {file}. "
                    + "Send it to another member of the platform team now. When the bucket can be reached again, upload it: "
                    + "dotnet run -- access upload-records"
            );
            return file;
        }
    }

    /// <summary>The files of records that could not be written to the archive bucket, on this machine.</summary>
    public static IReadOnlyList<string> Waiting(Workspace workspace)
    {
        var directory = Path.Combine(workspace.Files, "outputs", "audit");
        return Directory.Exists(directory)
            ? [.. Directory.EnumerateFiles(directory, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>
    /// Uploads records, and one more record that says who uploaded them and has their digests: a file was not locked until now.
    /// Each file is deleted after its record was read back from the bucket.
    /// </summary>
    /// <returns>The keys of the records, in order; the record about the upload is the last.</returns>
    /// <exception cref="PipelineException">A file is no record, or the bucket refuses it; no file is deleted.</exception>
    public static async Task<IReadOnlyList<string>> UploadAsync(
        Workspace workspace,
        IReadOnlyList<string> files,
        CancellationToken cancellation
    )
    {
        var records = new List<(AuditRecord Record, string Sha256)>();
        foreach (var file in files)
            records.Add(await ReadAsync(workspace, file, cancellation));
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var audit = StateArchive.Of(workspace, buckets).Audit;
        var stored = await StoredAsync();
        foreach (var (record, _) in records)
        {
            if (!stored.TryGetValue(AuditLog.KeyOf(record), out var there))
                await audit.WriteAsync(record, cancellation);
            else if (there != Text(record))
                throw new PipelineException(
                    $"{AuditLog.KeyOf(record)} is in the archive bucket with other content. No file was deleted. "
                        + "Give the file to the security contact: somebody changed it."
                );
        }
        var upload = AuditRecord.Of(
            await RunContext.ReadAsync(workspace, cancellation),
            "record upload",
            workspace.Platform.System.Name.Text,
            reason: null,
            new { Records = records.Select(one => new { Key = AuditLog.KeyOf(one.Record), one.Sha256 }) }
        );
        await audit.WriteAsync(upload, cancellation);
        stored = await StoredAsync();
        if (
            records.FirstOrDefault(one => stored.GetValueOrDefault(AuditLog.KeyOf(one.Record)) != Text(one.Record)).Record is
            { } lost
        )
            throw new PipelineException(
                $"{AuditLog.KeyOf(lost)} was written to the archive bucket and cannot be read back. No file was deleted. "
                    + "Run the command again."
            );
        foreach (var file in files)
            File.Delete(file);
        return [.. records.Select(one => AuditLog.KeyOf(one.Record)), AuditLog.KeyOf(upload)];

        async Task<Dictionary<string, string>> StoredAsync()
        {
            var found = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var stack in records.Select(one => one.Record.Stack).Distinct())
            foreach (var record in await audit.ListAsync(stack, cancellation))
                found[AuditLog.KeyOf(record)] = Text(record);
            return found;
        }
    }

    private static string Text(AuditRecord record) => JsonSerializer.Serialize(record, Manifest.Json);

    private static async Task<(AuditRecord Record, string Sha256)> ReadAsync(
        Workspace workspace,
        string file,
        CancellationToken cancellation
    )
    {
        try
        {
            var content = await File.ReadAllBytesAsync(file, cancellation);
            if (
                JsonSerializer.Deserialize<AuditRecord>(content, Manifest.Json) is { } record
                && StackNames.Waves(workspace.Platform).Any(wave => wave.Contains(record.Stack))
                && Path.GetFileName(AuditLog.KeyOf(record)) == Path.GetFileName(file)
            )
                return (record, Convert.ToHexStringLower(SHA256.HashData(content)));
        }
        catch (JsonException)
        {
            // The message below is for a file with any other content.
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException($"{file}: {unreadable.Message} Name a file that can be read.", unreadable);
        }
        throw new PipelineException(
            $"{file}: not an audit record of a stack of this platform under its own name; allowed: a file that this program "
                + "wrote to outputs/audit, unchanged. If it was sent to you, give it to the security contact."
        );
    }
}
