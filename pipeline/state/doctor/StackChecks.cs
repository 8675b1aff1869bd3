using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Helm;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State.Doctor;

/// <summary>The checks of one stack's state: its key, its lock, its archive, and its leftovers on this machine.</summary>
internal sealed class StackChecks(Workspace workspace, StateBuckets buckets, string stack)
{
    private readonly StateArchive _archive = StateArchive.Of(workspace, buckets);
    private readonly StateAddress _address = StateAddress.Of(workspace.Platform, stack);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(8);
    private byte[]? _live;
    private bool _liveRead;

    /// <summary>The checks. Without a state key, the checks that need it are left out.</summary>
    public IReadOnlyList<Func<CancellationToken, Task<Finding>>> All =>
        [
            .. buckets.Keys.Find(stack) is null
                ? new Func<CancellationToken, Task<Finding>>[] { KeyAsync, QueueAsync, AppliesAsync }
                :
                [
                    EncryptionAsync,
                    ArchiveEncryptionAsync,
                    RekeyAsync,
                    LockAsync,
                    ArchiveAsync,
                    HistoryAsync,
                    TaintedAsync,
                    EntriesAsync,
                    QueueAsync,
                    AppliesAsync,
                ],
            .. Releases is { Any: true } ? new Func<CancellationToken, Task<Finding>>[] { ReleasesAsync } : [],
        ];

    /// <summary>The checks that only look at this machine.</summary>
    public IReadOnlyList<Func<CancellationToken, Task<Finding>>> Local => [QueueAsync, AppliesAsync];

    // Only a synthesized stack shows which releases it has.
    private StackReleases? Releases =>
        StackDirectory.IsThere(workspace.Output, stack)
            ? new(workspace.Stack(stack), new KubectlReleaseRecords(workspace))
            : null;

    private Task<Finding> KeyAsync(CancellationToken cancellation) =>
        Task.FromResult(
            Finding.Unknown(
                "state key",
                stack,
                "none is given, so state, lock and archive were not checked",
                $"Set {StateKeys.VariableOf(stack)}."
            )
        );

    private async Task<Finding> EncryptionAsync(CancellationToken cancellation)
    {
        const string check = "encryption";
        // While a rekey is unfinished, the state may still be encrypted with the previous key.
        var protections = new List<StateProtection>();
        foreach (var key in buckets.Keys.AllOf(stack))
            protections.Add(await StateProtections.LookAsync(buckets.Live, _address, key, cancellation));
        if (protections.Contains(StateProtection.Encrypted))
            return Finding.Good(check, stack, "the live state can be read only with its key");
        return StateProtections.Problem(stack, protections[0]) is { } problem
            ? Finding.Wrong(check, stack, problem.Fact.TrimEnd('.'), problem.Remedy)
            : Finding.Good(check, stack, "there is no live state yet");
    }

    private async Task<Finding> ArchiveEncryptionAsync(CancellationToken cancellation)
    {
        const string check = "archive encryption";
        var clear = await _archive.CountClearAsync(stack, cancellation);
        return clear == 0
            ? Finding.Good(check, stack, "no archived object can be read without a key")
            : Finding.Wrong(
                check,
                stack,
                $"{clear} archived object(s) can be read without a key",
                "Assume that anyone who can read the bucket knows their content, and rotate every secret in them. Then run "
                    + $"\"state rekey {stack}\", which writes them encrypted."
            );
    }

    private async Task<Finding> RekeyAsync(CancellationToken cancellation)
    {
        const string check = "rekey";
        var fingerprint = buckets.Keys.Of(stack).Fingerprint;
        var live = await StateProtections.LookAsync(buckets.Live, _address, buckets.Keys.Of(stack), cancellation);
        var old = (await _archive.ListAsync(stack, cancellation)).Count(entry =>
            entry.Manifest.KeyFingerprint is { Length: > 0 } key && key != fingerprint
        );
        var audits = await _archive.Audit.CountClosedAsync(stack, buckets.Keys.Of(stack), cancellation);
        if (old == 0 && audits == 0 && live != StateProtection.OtherKey)
            return Finding.Good(check, stack, $"not needed, everything is encrypted with key {fingerprint}");
        return Finding.Wrong(
            check,
            stack,
            $"unfinished: {(live == StateProtection.OtherKey ? "the live state and " : "")}{old} archived version(s)"
                + $"{(audits == 0 ? "" : $" and {audits} audit record(s)")} are encrypted with another key than {fingerprint}",
            $"Run \"state rekey {stack}\" again with the old key as {StateKeys.PreviousVariableOf(stack)}. Keep the old key "
                + "until then."
        );
    }

    private async Task<Finding> LockAsync(CancellationToken cancellation)
    {
        const string check = "leftover lock";
        var stateLock = StateLock.Of(buckets, workspace.Platform, stack);
        if (await stateLock.ReadAsync(cancellation) is not { } holder)
            return Finding.Good(check, stack, "none");
        var run = stateLock.RunOf(holder);
        var fact = $"held by {holder.Describe(workspace.Time.GetUtcNow())}. {run.Evidence}";
        var command = StateLock.UnlockCommand(stack);
        return run.Alive switch
        {
            true => new(check, stack, Verdict.Good, fact, "Do not release it: wait until that run has ended."),
            false => Finding.Wrong(check, stack, fact, $"Its run has ended; this releases it: {command}."),
            null => Finding.Unknown(check, stack, fact, $"When that run has ended: {command}."),
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
                $"{broken.Count} of {entries.Count} versions are damaged: {string.Join("; ", broken)}",
                $"Do not restore these or roll back to these. \"backup {stack}\" repairs the newest one; pruning removes the "
                    + "others later."
            );
        }
        var live = await LiveAsync(cancellation);
        if (live is null)
        {
            return entries.Count == 0
                ? Finding.Good(check, stack, "empty, there is no state yet")
                : Finding.Wrong(
                    check,
                    stack,
                    $"the live state is missing, and there are {entries.Count} archived versions",
                    $"\"state restore {stack} {StateArchive.LastGood}\" restores the newest good version."
                );
        }
        var part = ArchivePart.Of(live);
        return entries.Any(entry => entry.Manifest.Parts.GetValueOrDefault(ArchivePart.State) == part)
            ? Finding.Good(check, stack, $"{entries.Count} version(s), every digest is correct, the live state is among them")
            : Finding.Wrong(
                check,
                stack,
                $"the live state (serial {StateFile.Parse(live).Serial}) is not among its {entries.Count} version(s)",
                KilledApplies.Any() ? $"\"{Recover}\" archives it." : $"Run \"backup {stack}\" on the machine that applied it."
            );
    }

    private IEnumerable<ApplyJournal> KilledApplies => workspace.Journals.Of(stack).Where(journal => !journal.InUse);

    private string Recover => $"state recover {stack} --yes";

    /// <summary>
    /// A state that was started again while an earlier one had objects: each object exists twice, or is in no state. A restore is
    /// a person's decision which history continues, so it ends the finding.
    /// </summary>
    private async Task<Finding> HistoryAsync(CancellationToken cancellation)
    {
        const string check = "history";
        var entries = await _archive.ListAsync(stack, cancellation);
        var live = await StateAsync(cancellation);
        var today = entries.FirstOrDefault(entry => entry.Manifest.Lineage == live?.Lineage);
        if (live is null || today is null)
            return Finding.Good(check, stack, "the live state is not in the archive; see the check \"archive\"");
        var lost = MissingState.Lost(entries, live.Lineage);
        if (lost is null)
            return Finding.Good(check, stack, "no other history has objects");
        return Finding.Wrong(
            check,
            stack,
            $"the live state (version {today.Version}, lineage {live.Lineage}) was started again while version {lost.Version} "
                + $"(lineage {lost.Manifest.Lineage}) had {lost.Manifest.Resources} object(s), which exist twice or are in no "
                + "state",
            $"To go back: \"state restore {stack} {lost.Version} --force --reason TEXT\", then delete the objects that \"archive "
                + $"show {stack} {today.Version}\" lists and that exist twice. To keep the live state: delete the objects of "
                + $"{lost.Version}, then \"state restore {stack} {today.Version} --force --reason TEXT\"."
        );
    }

    private async Task<Finding> EntriesAsync(CancellationToken cancellation)
    {
        const string check = "incomplete entries";
        return await _archive.IncompleteEntriesAsync(stack, cancellation) is > 0 and var incomplete
            ? Finding.Unknown(
                check,
                stack,
                $"{incomplete}, from writes that are running or were killed; they are not listed as versions",
                $"\"archive prune {stack}\" removes those that are older than one hour."
            )
            : Finding.Good(check, stack, "none");
    }

    private Task<Finding> QueueAsync(CancellationToken cancellation)
    {
        const string check = "queue";
        var queue = new ArchiveQueue(workspace.QueueDirectory, buckets.Keys);
        if (queue.Damaged.FirstOrDefault(entry => entry.Stack == stack) is { } damaged)
        {
            return Task.FromResult(
                Finding.Wrong(
                    check,
                    stack,
                    $"a version is damaged and was set aside as {damaged.File}",
                    $"Run \"backup {stack}\", which archives the live state, then delete that file."
                )
            );
        }
        var waiting = queue.Pending.Count(entry => entry.Stack == stack);
        return Task.FromResult(
            waiting == 0
                ? Finding.Good(check, stack, "empty")
                : Finding.Wrong(
                    check,
                    stack,
                    $"{waiting} version(s) are queued in {workspace.QueueDirectory}, encrypted, because the archive could not "
                        + "be reached",
                    $"When the archive can be reached: \"backup {stack}\"."
                )
        );
    }

    private async Task<Finding> AppliesAsync(CancellationToken cancellation)
    {
        const string check = "killed applies";
        // A state that is still in clear in memory is encrypted first, so that it is found below.
        await workspace.Errored.CollectAsync(stack, StackDirectory.PathOf(workspace.Output, stack));
        var facts = new List<string>();
        foreach (var journal in KilledApplies)
            facts.Add($"the apply of {journal.Started:u} was killed or interrupted, or lost an answer");
        foreach (var state in workspace.Errored.Of(stack))
            facts.Add($"a state of {state.EncryptedAt:u} could not be saved and is encrypted in {state.File}");
        return facts.Count == 0
            ? Finding.Good(check, stack, "none on this machine")
            : Finding.Wrong(check, stack, string.Join("; ", facts), $"Run \"{Recover}\" before the next apply.");
    }

    private async Task<Finding> TaintedAsync(CancellationToken cancellation)
    {
        const string check = "tainted objects";
        var tainted = TaintedObjects.Of(await StateAsync(cancellation));
        return tainted.Count == 0
            ? Finding.Good(check, stack, "none")
            : Finding.Wrong(
                check,
                stack,
                $"their creation was interrupted, and the next plan replaces them: {string.Join(", ", tainted)}",
                $"\"{Recover}\" keeps those that exist and are ready."
            );
    }

    private async Task<StateFile?> StateAsync(CancellationToken cancellation) =>
        LiveState.TryParse(await LiveAsync(cancellation));

    // Read once: the checks, which run one after the other, are about the same state.
    private async Task<byte[]?> LiveAsync(CancellationToken cancellation)
    {
        if (!_liveRead)
            _live = await LiveState.Of(buckets, workspace.Platform, stack).ReadAsync(cancellation);
        _liveRead = true;
        return _live;
    }

    private async Task<Finding> ReleasesAsync(CancellationToken cancellation)
    {
        const string check = "helm releases";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_patience);
        try
        {
            var known = buckets.Keys.Find(stack) is null ? null : await StateAsync(cancellation);
            var stuck = await Releases!.FindAsync(
                known?.Objects.Select(item => item.Address).ToHashSet(StringComparer.Ordinal),
                limit.Token
            );
            return stuck.Count == 0
                ? Finding.Good(check, stack, "no operation was interrupted")
                : Finding.Wrong(
                    check,
                    stack,
                    string.Join("; ", stuck.Select(release => release.Fact)),
                    $"Run \"{Recover}\" before the next apply, if no other run is deploying this stack."
                );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Finding.Unknown(
                check,
                stack,
                $"the cluster did not answer within {_patience.TotalSeconds:0} s",
                "Check KUBE_CONFIG_PATH and the allow-list of the control plane, then run \"state doctor\" again."
            );
        }
        catch (PipelineException exception)
        {
            return Finding.Unknown(
                check,
                stack,
                $"the cluster did not answer: {exception.Message.TrimEnd('.')}",
                "Then run \"state doctor\" again."
            );
        }
    }
}
