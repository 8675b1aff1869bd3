using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Helm;

/// <summary>
/// The Helm releases of one stack that an interrupted apply left half done. Terraform's plan does not show them: a release that
/// is in no state fails with "cannot re-use a name that is still in use", another one with "another operation
/// (install/upgrade/rollback) is in progress".
/// </summary>
/// <param name="stack">The stack.</param>
/// <param name="records">The records in the cluster.</param>
public sealed class StackReleases(StackDirectory stack, IReleaseRecords records)
{
    private const string Type = "helm_release";
    private const string Interrupted = "status in (pending-install,pending-upgrade,pending-rollback,uninstalling)";
    private const string FailedFirst = "status=failed,version=1";

    /// <summary>True if the stack has releases; without one there is nothing to ask the cluster.</summary>
    public bool Any => stack.Configuration["resource"]?[Type] is not null;

    /// <summary>
    /// The releases whose last operation was interrupted, and those whose first installation failed and that are in no state.
    /// </summary>
    /// <param name="inState">The addresses in the stack's state; null if the state is not known.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    /// <exception cref="PipelineException">The cluster does not answer.</exception>
    public async Task<IReadOnlyList<StuckRelease>> FindAsync(IReadOnlySet<string>? inState, CancellationToken cancellation)
    {
        if (!Any)
            return [];
        var addresses = Addresses();
        var found = new List<StuckRelease>();
        // One namespace at a time: a pipeline's account has no rights in the others.
        foreach (var space in addresses.Keys.Select(key => key.Split('/')[0]).Distinct())
        {
            foreach (var record in await records.ListAsync(space, Interrupted, cancellation))
            {
                if (!addresses.TryGetValue(Key(record), out var address))
                    continue;
                var others = await OthersAsync(record, cancellation);
                // An older revision that was interrupted and followed by another one is history.
                if (!others.Any(other => other.Revision > record.Revision))
                    found.Add(new(address, record, others.LastOrDefault(other => other.Status == "deployed")?.Revision));
            }
            if (inState is null)
                continue;
            foreach (var record in await records.ListAsync(space, FailedFirst, cancellation))
            {
                if (
                    addresses.TryGetValue(Key(record), out var address)
                    && !inState.Contains(address)
                    && (await OthersAsync(record, cancellation)).Count == 0
                )
                    found.Add(new(address, record, Deployed: null));
            }
        }
        return found;
    }

    /// <summary>Removes what was never installed, and marks an interrupted upgrade as failed, so that Helm continues.</summary>
    /// <returns>What was done, one sentence for each release.</returns>
    public async Task<IReadOnlyList<string>> RecoverAsync(IReadOnlySet<string> inState, CancellationToken cancellation)
    {
        var done = new List<string>();
        foreach (var release in await FindAsync(inState, cancellation))
        {
            if (release.IsRemoved)
                await records.DeleteAsync(release.Record, cancellation);
            else
                await records.FailAsync(release.Record, "Interrupted; marked as failed by \"state recover\"", cancellation);
            done.Add(release.Done);
        }
        return done;
    }

    /// <summary>Requires that no operation on a release of the stack was interrupted.</summary>
    /// <param name="inState">The addresses in the stack's state; null if the state is not known.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    /// <exception cref="PipelineException">One was, or the cluster does not answer.</exception>
    public async Task RequireNoneAsync(IReadOnlySet<string>? inState, CancellationToken cancellation)
    {
        if (await FindAsync(inState, cancellation) is not { Count: > 0 } stuck)
            return;
        throw new StuckReleaseException(
            $"stack {stack.Name}: {string.Join("; ", stuck.Select(release => release.Fact))}. Helm refuses the next operation on "
                + $"{(stuck.Count == 1 ? "it" : "them")}. If no other run is deploying this stack, run \"state recover "
                + $"{stack.Name}\"."
        );
    }

    private Dictionary<string, string> Addresses()
    {
        var ids = new ImportIds(stack.Configuration, _ => null);
        return stack.Configuration["resource"]![Type]!
            .AsObject()
            .Select(release => $"{Type}.{release.Key}")
            .Where(address => ids.Of(new(address, Type, Id: null)) is not null)
            .ToDictionary(address => ids.Of(new(address, Type, Id: null))!, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<ReleaseRecord>> OthersAsync(ReleaseRecord record, CancellationToken cancellation) =>
        [
            .. (await records.ListAsync(record.Namespace, $"name={record.Release}", cancellation))
                .Where(other => other.Revision != record.Revision)
                .OrderBy(other => other.Revision),
        ];

    private static string Key(ReleaseRecord record) => $"{record.Namespace}/{record.Release}";
}

/// <summary>A release of the stack is half done.</summary>
/// <param name="message">Which one, and what to do.</param>
public sealed class StuckReleaseException(string message) : PipelineException(message);
