using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Deploy;

/// <summary>
/// Writes down, locked, what an apply is about to change about the walls (NFR-003): what was applied last, by the archive, against what is
/// applied now. The record of the apply itself says how it went.
/// </summary>
public static class SegmentAudit
{
    /// <summary>The kind of these records.</summary>
    public const string Kind = "segment change";

    /// <summary>
    /// Writes the record of a stack that is about to be applied; none when its walls stay as they are. Where it cannot be written the apply goes on and a line says so:
    /// both configurations lie in the archive, so what differs can be told later.
    /// </summary>
    /// <param name="workspace">Where all stacks lie.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="say">Told in a line what somebody must know.</param>
    /// <param name="cancellation">Ends the calls.</param>
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
            RunContext facts = await RunContext.ReadAsync(workspace, cancellation);
            await archive.Audit.WriteAsync(AuditRecord.Of(facts, Kind, stack.Name, reason: null, change), cancellation);
        }
        catch (PipelineException exception)
        {
            say(
                $"{stack.Name}: what changes about the walls is NOT in the audit log: {exception.Message} The archive's entries before and after this apply tell it."
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
        // The other stacks as they lie there now, on both sides: what differs is this stack's doing.
        // A rollback may run where nothing was synthesized: then it is this stack alone.
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
        var directory = Directory.CreateTempSubdirectory("infra-cdktf-walls-").FullName;
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
