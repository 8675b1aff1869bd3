using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Rollback;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State;

/// <summary>What came of a restore.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Version">The version that was written back.</param>
/// <param name="Serial">The serial that it has now: above every one before.</param>
/// <param name="Replaced">Where what it replaced lies: a version, or an object of the archive bucket when it was no state; null when there was nothing.</param>
/// <param name="Plan">What Terraform says of it: empty when account, state and configuration are one again.</param>
public sealed record RestoreResult(string Stack, string Version, long Serial, string? Replaced, PlanSummary Plan);

/// <summary>Writes an archived state back, for a live state that is damaged or gone. To take configuration back is a rollback's work, not this one's.</summary>
/// <param name="workspace">Where it runs.</param>
/// <param name="output">Where people read.</param>
public sealed class StateRestoration(Workspace workspace, CommandOutput output)
{
    // As Terraform writes it, for people who look into one.
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>Restores with the lock held: what is replaced is archived first, every digest is verified, a plan proves the result.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="version">Which version.</param>
    /// <param name="force">Take another lineage or a lower serial all the same.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="cancellation">Stops before or after the write, which is one call.</param>
    /// <exception cref="PipelineException">It would go backwards, or the version is not whole.</exception>
    public async Task<RestoreResult> RunAsync(
        string stack,
        string version,
        bool force,
        string? reason,
        CancellationToken cancellation
    )
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        using var archiver = StackArchiver.Open(workspace, output.Line);
        StateArchive archive = archiver.Archive;
        var live = LiveState.Of(buckets, workspace.Platform, stack);
        await using var held = await StateLock
            .Of(buckets, workspace.Platform, stack)
            .TakeAsync(stack, "state restore", workspace.Environment, cancellation);

        var entry = await archive.FindAsync(stack, version, cancellation);
        using var unpacked = await UnpackedVersion.OfAsync(archive, entry, cancellation);
        var state = await archive.ReadStateAsync(entry, cancellation);
        var wanted = StateFile.Parse(state);
        var before = await live.ReadAsync(cancellation);
        var now = LiveState.TryParse(before);
        var entries = await archive.ListAsync(stack, cancellation);
        if (!force && RefusalReason(entry, wanted, now, entries) is { } problem)
            throw new PipelineException(problem);

        var replaced = before is null ? null : await KeepAsync(archiver, buckets, stack, before, now, unpacked, cancellation);
        var serial = 1 + entries.Select(item => item.Manifest.Serial).Append(now?.Serial ?? 0).Append(wanted.Serial).Max();
        var archived = await archiver.ApplyAsync(
            unpacked.Stack,
            new()
            {
                Outcome = ApplyOutcome.Restored,
                Reason = reason,
                WentBackTo = entry.Version,
            },
            () => live.WriteAsync(WithSerial(state, serial), cancellation),
            cancellation
        );
        output.Line(
            $"{stack}: {entry.Version} is the live state again, with serial {serial}{(archived.Version is null ? "" : $", archived as {archived.Version}")}."
        );
        return new(stack, entry.Version, serial, replaced, await ProveAsync(unpacked, cancellation));
    }

    /// <summary>Why a version must not be written back without force; null when it may.</summary>
    public static string? RefusalReason(ArchiveEntry entry, StateFile wanted, StateFile? now, IReadOnlyList<ArchiveEntry> newestFirst)
    {
        // What cannot be read says nothing: then the newest version speaks for it, also that of an apply that failed.
        var newest = newestFirst.First(other => other.Manifest.Outcome != ApplyOutcome.Unreadable);
        var (lineage, serial, of) = now is not null
            ? (now.Lineage, now.Serial, "the live state")
            : (newest.Manifest.Lineage, newest.Manifest.Serial, $"the newest version, {newest.Version},");
        string? problem =
            wanted.Lineage != lineage
                ? $"it has another lineage ({wanted.Lineage}) than {of} has ({lineage}): it is another life of this stack"
            : wanted.Serial < serial ? $"{of} is newer (serial {serial}): what was made since would be forgotten"
            : null;
        if (problem is null)
            return null;
        var instead = now is null
            ? $"Restore {newest.Version} instead."
            : $"To take the configuration back use \"rollback {entry.Stack} --to {entry.Version}\".";
        return $"stack {entry.Stack}, version {entry.Version}: {problem}. {instead} If the state itself is to go back, add --force --reason TEXT.";
    }

    private async Task<string?> KeepAsync(
        StackArchiver archiver,
        StateBuckets buckets,
        string stack,
        byte[] before,
        StateFile? now,
        UnpackedVersion unpacked,
        CancellationToken cancellation
    )
    {
        if (now is not null)
        {
            // Where it came from is not known here; the version that takes its place has what is nearest.
            using var here = StackArchiver.Open(workspace with { Output = unpacked.Output }, output.Line);
            return (await here.KeepReplacedAsync(stack, cancellation)).Version;
        }
        var digest = Convert.ToHexStringLower(SHA256.HashData(before))[..8];
        var key = string.Create(
            CultureInfo.InvariantCulture,
            $"{stack}/damaged/{workspace.Time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}-{digest}"
        );
        using var content = new MemoryStream(before);
        await buckets.Archive.PutAsync(key, content, buckets.Keys.Of(stack), new(), cancellation);
        output.Line(
            $"{stack}: what lay there is no state; its {before.Length} bytes are kept as {key} in {buckets.Archive.Address}."
        );
        return key;
    }

    private static byte[] WithSerial(byte[] state, long serial)
    {
        var json = JsonNode.Parse(state)!.AsObject();
        json["serial"] = serial;
        return Encoding.UTF8.GetBytes(json.ToJsonString(_indented));
    }

    private async Task<PlanSummary> ProveAsync(UnpackedVersion unpacked, CancellationToken cancellation)
    {
        TerraformCli terraform = workspace.Terraform(unpacked.Stack, Placeholders.ForSecrets);
        await terraform.InitAsync(cancellation);
        using var plan = new SavedPlan();
        // This command holds the lock.
        return (await terraform.PlanAsync(new() { Lock = false, File = plan.File }, cancellation)).Differs
            ? PlanSummary.Of(unpacked.Stack.Name, await terraform.ShowAsync(plan.File, cancellation))
            : new(unpacked.Stack.Name, [], 0);
    }
}
