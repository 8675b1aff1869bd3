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

/// <summary>The result of a restore.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Version">The version that was written back.</param>
/// <param name="Serial">The serial of the live state now: higher than every serial before.</param>
/// <param name="Replaced">
/// Where the replaced content is kept: a version, or an object key in the archive bucket if the content was not a state; null if
/// there was no live state.
/// </param>
/// <param name="Plan">
/// The plan after the restore: empty if there are no differences between account, state and configuration.
/// </param>
public sealed record RestoreResult(string Stack, string Version, long Serial, string? Replaced, PlanSummary Plan);

/// <summary>
/// Writes an archived state back if the live state is damaged or missing. It does not change the configuration: a rollback does
/// that.
/// </summary>
/// <param name="workspace">Where it runs.</param>
/// <param name="output">Output for people.</param>
public sealed class StateRestoration(Workspace workspace, CommandOutput output)
{
    // Indented, as Terraform writes it.
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>
    /// Restores while it holds the lock. It archives the replaced state first, verifies every digest, and plans to check the
    /// result.
    /// </summary>
    /// <param name="stack">The stack.</param>
    /// <param name="version">The version to restore.</param>
    /// <param name="force">Also accept another lineage or a lower serial.</param>
    /// <param name="reason">The reason, for the audit record.</param>
    /// <param name="cancellation">Stops before or after the write. The write is one call.</param>
    /// <exception cref="PipelineException">The version has another lineage or a lower serial, or is not complete.</exception>
    public async Task<RestoreResult> RunAsync(
        string stack,
        string version,
        bool force,
        string? reason,
        CancellationToken cancellation
    )
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        return await StateLock
            .Of(buckets, workspace.Platform, stack)
            .HoldAsync(
                stack,
                "state restore",
                workspace.Environment,
                () => RestoreAsync(buckets, stack, version, force, reason, cancellation),
                cancellation
            );
    }

    private async Task<RestoreResult> RestoreAsync(
        StateBuckets buckets,
        string stack,
        string version,
        bool force,
        string? reason,
        CancellationToken cancellation
    )
    {
        using var archiver = StackArchiver.Open(workspace, output.Line);
        var archive = archiver.Archive;
        var live = LiveState.Of(buckets, workspace.Platform, stack);
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
            $"{stack}: {entry.Version} is the live state again, with serial "
                + $"{serial}{(archived.Version is null ? "" : $", archived as {archived.Version}")}."
        );
        return new(stack, entry.Version, serial, replaced, await ProveAsync(unpacked, cancellation));
    }

    /// <summary>Why a version must not be written back without force; null if it may be written.</summary>
    public static string? RefusalReason(
        ArchiveEntry entry,
        StateFile wanted,
        StateFile? now,
        IReadOnlyList<ArchiveEntry> newestFirst
    )
    {
        // If the live state cannot be read, the newest readable version is compared instead, also that of a failed apply.
        var newest = newestFirst.First(other => other.Manifest.Outcome != ApplyOutcome.Unreadable);
        var (lineage, serial, of) = now is not null
            ? (now.Lineage, now.Serial, "the live state")
            : (newest.Manifest.Lineage, newest.Manifest.Serial, $"the newest version, {newest.Version},");
        string? problem =
            wanted.Lineage != lineage
                ? $"it has another lineage ({wanted.Lineage}) than {of} has ({lineage}), so it belongs to a different "
                    + "state history of this stack"
            : wanted.Serial < serial ? $"{of} is newer (serial {serial}); the state would miss objects created since then"
            : null;
        if (problem is null)
            return null;
        var instead = now is null
            ? $"Restore {newest.Version} instead."
            : $"To restore the configuration, use \"rollback {entry.Stack} --to {entry.Version}\".";
        return $"stack {entry.Stack}, version {entry.Version}: {problem}. {instead} To restore this state anyway, add "
            + "--force --reason TEXT.";
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
            // The configuration of the replaced state is not known. The restored version's configuration is the closest one.
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
            $"{stack}: the replaced content was not a state; its {before.Length} bytes are kept as {key} in "
                + $"{buckets.Archive.Address}."
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
        var terraform = workspace.Terraform(unpacked.Stack, Placeholders.ForSecrets);
        await terraform.InitAsync(cancellation);
        using var plan = new SavedPlan();
        // This command holds the lock.
        return (await terraform.PlanAsync(new() { Lock = false, File = plan.File }, cancellation)).Differs
            ? PlanSummary.Of(
                unpacked.Stack.Name,
                await terraform.ShowAsync(plan.File, cancellation),
                KnownSecrets.Of(workspace, unpacked.Stack)
            )
            : new(unpacked.Stack.Name, [], 0);
    }
}
