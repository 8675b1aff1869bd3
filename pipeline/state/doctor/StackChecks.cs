using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State.Doctor;

/// <summary>What must hold of one stack's state: its key, its lock, its archive, and what is left of it on this machine.</summary>
internal sealed class StackChecks(Workspace workspace, StateBuckets buckets, string stack)
{
    private readonly StateArchive _archive = StateArchive.Of(workspace, buckets);
    private readonly StateAddress _address = StateAddress.Of(workspace.Platform, stack);

    /// <summary>The checks, those that need the key only when there is one.</summary>
    public IReadOnlyList<Func<CancellationToken, Task<Finding>>> All =>
        buckets.Keys.Find(stack) is null
            ? [KeyAsync, QueueAsync, KilledAsync]
            : [EncryptionAsync, RekeyAsync, LockAsync, ArchiveAsync, HalvesAsync, QueueAsync, KilledAsync];

    private Task<Finding> KeyAsync(CancellationToken cancellation) =>
        Task.FromResult(
            Finding.Unknown(
                "state key",
                stack,
                "none given, so neither state, lock nor archive was looked at",
                $"Set {StateKeys.VariableOf(stack)}."
            )
        );

    private async Task<Finding> EncryptionAsync(CancellationToken cancellation)
    {
        const string check = "encryption";
        // While a rekey is on its way the state may still lie there under the key before.
        var protections = new List<StateProtection>();
        foreach (var key in buckets.Keys.AllOf(stack))
            protections.Add(await StateProtections.LookAsync(buckets.Live, _address, key, cancellation));
        if (protections.Contains(StateProtection.Encrypted))
            return Finding.Good(check, stack, "the live state is refused without its key, and opened with it");
        return StateProtections.Problem(stack, protections[0]) is { } problem
            ? Finding.Wrong(check, stack, problem.Fact.TrimEnd('.'), problem.Remedy)
            : Finding.Good(check, stack, "there is no live state yet");
    }

    private async Task<Finding> RekeyAsync(CancellationToken cancellation)
    {
        const string check = "one key";
        var fingerprint = buckets.Keys.Of(stack).Fingerprint;
        var live = await StateProtections.LookAsync(buckets.Live, _address, buckets.Keys.Of(stack), cancellation);
        var old = (await _archive.ListAsync(stack, cancellation)).Count(entry =>
            entry.Manifest.KeyFingerprint is { Length: > 0 } key && key != fingerprint
        );
        if (old == 0 && live != StateProtection.OtherKey)
            return Finding.Good(check, stack, $"all is under key {fingerprint}");
        return Finding.Wrong(
            check,
            stack,
            $"the rekey is unfinished: {(live == StateProtection.OtherKey ? "the live state and " : "")}{old} archived version(s) are under another key than {fingerprint}",
            $"Run \"state rekey {stack}\" again with the old key as {StateKeys.PreviousVariableOf(stack)}; keep the old key until then."
        );
    }

    private async Task<Finding> LockAsync(CancellationToken cancellation)
    {
        const string check = "leftover lock";
        if (await StateLock.Of(buckets, workspace.Platform, stack).ReadAsync(cancellation) is not { } holder)
            return Finding.Good(check, stack, "none");
        var run = LockingRun.Of(holder);
        var fact = $"held by {holder.Describe(workspace.Time.GetUtcNow())}. {run.Evidence}";
        var command = $"\"state unlock {stack} --reason ...\"";
        return run.Alive switch
        {
            true => new(check, stack, Verdict.Good, fact, "Not safe to break: wait for its end."),
            false => Finding.Wrong(check, stack, fact, $"Safe to break: {command}."),
            null => Finding.Unknown(check, stack, fact, $"Once that run has ended: {command}."),
        };
    }

    private async Task<Finding> ArchiveAsync(CancellationToken cancellation)
    {
        const string check = "archive";
        var entries = await _archive.ListAsync(stack, cancellation);
        var broken = new List<string>();
        foreach (var entry in entries)
            if (await _archive.VerifyAsync(entry, cancellation) is { Count: > 0 } problems)
                broken.Add($"{entry.Version} ({problems[0].TrimEnd('.')})");
        if (broken.Count > 0)
        {
            return Finding.Wrong(
                check,
                stack,
                $"{broken.Count} of {entries.Count} versions are not what was written: {string.Join("; ", broken)}",
                $"Do not go back to these. \"backup {stack}\" mends the newest; the others are pruned in their turn."
            );
        }
        var live = await buckets.Live.ReadAsync(_address.Key, buckets.Keys.AllOf(stack), cancellation);
        if (live is null)
        {
            return entries.Count == 0
                ? Finding.Good(check, stack, "empty, as there is no state yet")
                : Finding.Wrong(
                    check,
                    stack,
                    $"the live state is gone, and there are {entries.Count} archived versions",
                    $"\"state restore {stack} {StateArchive.LastGood}\" brings the newest good one back."
                );
        }
        var part = ArchivePart.Of(live);
        return entries.Any(entry => entry.Manifest.Parts.GetValueOrDefault(ArchivePart.State) == part)
            ? Finding.Good(check, stack, $"{entries.Count} version(s), every digest holds, today's state is among them")
            : Finding.Wrong(
                check,
                stack,
                $"today's state (serial {StateFile.Parse(live).Serial}) is not among its {entries.Count} version(s)",
                $"Run \"backup {stack}\" where it was applied."
            );
    }

    private async Task<Finding> HalvesAsync(CancellationToken cancellation)
    {
        const string check = "half entries";
        return await _archive.IncompleteEntriesAsync(stack, cancellation) is > 0 and var halves
            ? Finding.Unknown(
                check,
                stack,
                $"{halves} left by writes that are going on or were killed; none is listed as a version",
                $"\"state prune {stack}\" removes those of more than an hour ago."
            )
            : Finding.Good(check, stack, "none");
    }

    private Task<Finding> QueueAsync(CancellationToken cancellation)
    {
        const string check = "queue";
        var waiting = new ArchiveQueue(workspace.QueueDirectory, buckets.Keys).Pending.Count(entry => entry.Stack == stack);
        return Task.FromResult(
            waiting == 0
                ? Finding.Good(check, stack, "empty")
                : Finding.Wrong(
                    check,
                    stack,
                    $"{waiting} version(s) wait in {workspace.QueueDirectory}, encrypted, because the archive could not be reached",
                    $"When it can be: \"backup {stack}\"."
                )
        );
    }

    private async Task<Finding> KilledAsync(CancellationToken cancellation)
    {
        const string check = "killed applies";
        // What still lies in clear in memory is sealed first: it is found then, and safe.
        await workspace.Errored.CollectAsync(stack, StackDirectory.PathOf(workspace.Output, stack));
        var facts = new List<string>();
        foreach (var journal in workspace.Journals.Of(stack).Where(journal => !journal.InUse))
            facts.Add($"the apply of {journal.Started:u} was killed");
        foreach (var state in workspace.Errored.Of(stack))
            facts.Add($"a state of {state.Sealed:u} could not be saved and is sealed in {state.File}");
        return facts.Count == 0
            ? Finding.Good(check, stack, "none on this machine")
            : Finding.Wrong(check, stack, string.Join("; ", facts), $"Run \"state recover {stack}\" before the next apply.");
    }
}
