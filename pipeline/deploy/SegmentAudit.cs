using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Deploy;

/// <summary>
/// Writes a locked audit record of the network policy changes of an apply: the configuration that was applied last, from the
/// archive, against the configuration that is applied now. The record of the apply itself shows its outcome.
/// </summary>
public static class SegmentAudit
{
    /// <summary>The kind of these records.</summary>
    public const string Kind = "segment change";

    /// <summary>
    /// Writes the record of a stack that is about to be applied; no record if its network policies do not change. If the record
    /// cannot be written, the apply continues and a line reports it: both configurations are in the archive, so the difference
    /// can be found later.
    /// </summary>
    /// <param name="workspace">Has the synthesized stacks.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="say">Called with a line for the operator.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    public static async Task WriteAsync(
        Workspace workspace,
        StateArchive archive,
        StackDirectory stack,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        try
        {
            if (await ChangeAsync(workspace, archive, stack, cancellation) is not { IsEmpty: false } change)
                return;
            var facts = await RunContext.ReadAsync(workspace, cancellation);
            await archive.Audit.WriteAsync(AuditRecord.Of(facts, Kind, stack.Name, reason: null, change), cancellation);
        }
        catch (PipelineException exception)
        {
            say(
                $"{stack.Name}: the network policy changes are NOT in the audit log: {exception.Message} "
                    + "Compare the archive entries before and after this apply to find them."
            );
        }
    }

    private static async Task<SegmentChange> ChangeAsync(
        Workspace workspace,
        StateArchive archive,
        StackDirectory stack,
        CancellationToken cancellation
    )
    {
        // Both sides have the other stacks in their current form, so the difference is the change of this stack. A rollback may
        // run without a synthesis; then both sides have only this stack.
        var after = Directory.Exists(Path.Combine(workspace.Output, "stacks"))
            ? SynthesizedObjects.Stacks(workspace.Output).ToDictionary()
            : [];
        after[stack.Name] = stack.Configuration;
        var before = after.Where(one => one.Key != stack.Name).ToDictionary();
        if (await LastAsync(archive, stack.Name, cancellation) is { } last)
            before[stack.Name] = last;
        return SegmentChange.Between(before, after);
    }

    private static async Task<JsonObject?> LastAsync(StateArchive archive, string stack, CancellationToken cancellation)
    {
        var last = (await archive.ListAsync(stack, cancellation)).FirstOrDefault(entry => entry.Manifest.IsGood);
        if (last is null)
            return null;
        var directory = Directory.CreateTempSubdirectory("infra-cdktf-segment-").FullName;
        try
        {
            await archive.ExtractAsync(last, directory, cancellation);
            return JsonNode
                .Parse(await File.ReadAllTextAsync(Path.Combine(directory, StackDirectory.FileName), cancellation))!
                .AsObject();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
