using System.Text.Json;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>
/// The lock of a stack's state: the very object that Terraform's <c>use_lockfile</c> writes, so that a run of Terraform and a command of ours keep each
/// other out. Terraform cannot say who holds it, because it reads the object without the key that encrypts it (measured, 1.11.4); this reads it with the
/// key. It locks on an unversioned bucket only: see <c>state doctor</c>.
/// </summary>
/// <param name="live">The bucket of the live state.</param>
/// <param name="address">Where the stack's state lies.</param>
/// <param name="key">The stack's key.</param>
public sealed class StateLock(Bucket live, StateAddress address, StateKey key)
{
    /// <summary>The lock of a stack.</summary>
    public static StateLock Of(StateBuckets buckets, PlatformSpec platform, string stack) =>
        new(buckets.Live, StateAddress.Of(platform, stack), buckets.Keys.Of(stack));

    /// <summary>Says who holds a stack's lock, for somebody who was refused; a sentence in any case.</summary>
    public static async Task<string> ExplainAsync(
        PlatformSpec platform,
        IReadOnlyDictionary<string, string> environment,
        string stack,
        CancellationToken cancellation
    )
    {
        try
        {
            using var buckets = StateBuckets.Open(platform, environment);
            return await Of(buckets, platform, stack).ReadAsync(cancellation) is { } holder
                ? Refusal(stack, holder)
                : $"The lock of stack {stack} has been released meanwhile. Run the command again.";
        }
        catch (PipelineException exception)
        {
            return $"Who holds the lock of stack {stack} cannot be read: {exception.Message}";
        }
    }

    /// <summary>Who holds it; null when nobody does.</summary>
    /// <exception cref="StorageException">It cannot be read: fault <see cref="StorageFault.StateKey"/> when it was written with another key.</exception>
    public async Task<LockHolder?> ReadAsync(CancellationToken cancellation)
    {
        await using var stream = await live.GetAsync(address.LockKey, key, version: null, cancellation);
        if (stream is null)
            return null;
        try
        {
            return await JsonSerializer.DeserializeAsync<LockHolder>(stream, cancellationToken: cancellation);
        }
        catch (JsonException exception)
        {
            throw new PipelineException(
                $"{live.Address}: {address.LockKey} is no lock of Terraform's: {exception.Message} See who wrote it; then delete it.",
                exception
            );
        }
    }

    /// <summary>Takes it. Whoever holds it releases it when the work is done, and disposes it in any case.</summary>
    /// <param name="stack">The stack, for messages.</param>
    /// <param name="operation">What for: the command's name.</param>
    /// <param name="environment">The caller's environment: names the run on GitHub, if it is one.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="PipelineException">Somebody else holds it; the message says who, since when, and what to do.</exception>
    public async Task<HeldLock> TakeAsync(
        string stack,
        string operation,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellation
    )
    {
        var holder = Ours(operation, environment);
        try
        {
            using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(holder));
            await live.PutAsync(
                address.LockKey,
                content,
                key,
                new() { OnlyIfAbsent = true, ContentType = "application/json" },
                cancellation
            );
        }
        catch (StorageException exception) when (exception.Fault == StorageFault.Taken)
        {
            throw new PipelineException(
                await ReadAsync(cancellation) is { } other
                    ? Refusal(stack, other)
                    : $"The lock of stack {stack} was just held and is free again. Run the command again.",
                exception
            );
        }
        return new(this, holder);
    }

    /// <summary>Releases it, if it still is this one.</summary>
    /// <param name="id">The lock's id.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>False when it is not there any more, or is another's by now: then nothing is touched.</returns>
    /// <remarks>Between looking and deleting lies one round trip: S3 has no conditional delete that RADOS Gateway honours.</remarks>
    public async Task<bool> ReleaseAsync(string id, CancellationToken cancellation)
    {
        if ((await ReadAsync(cancellation))?.Id != id)
            return false;
        await live.DeleteAsync(address.LockKey, version: null, cancellation);
        return true;
    }

    private static string Refusal(string stack, LockHolder holder) =>
        $"The lock of stack {stack} is held by {holder.Describe(DateTimeOffset.UtcNow)}. Wait until that run is done. If it has ended without "
        + $"releasing its lock: \"state unlock {stack} --reason ...\".";

    private LockHolder Ours(string operation, IReadOnlyDictionary<string, string> environment) =>
        new()
        {
            Id = Guid.NewGuid().ToString(),
            Operation = operation,
            Info = LockingRun.Info(environment),
            Who = LockingRun.Who,
            Version = LockingRun.Program,
            Created = DateTimeOffset.UtcNow,
            Path = $"{live.Address.Name}/{address.Key}",
        };
}

/// <summary>A lock that this process holds.</summary>
public sealed class HeldLock(StateLock of, LockHolder holder) : IAsyncDisposable
{
    private bool _released;

    /// <summary>What the lock object says.</summary>
    public LockHolder Holder => holder;

    /// <summary>Releases it after work that is done: says so when it was not held to the end.</summary>
    /// <exception cref="PipelineException">Somebody else released it: what was done under it was not alone.</exception>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        _released = true;
        if (!await of.ReleaseAsync(holder.Id, cancellation))
        {
            throw new PipelineException(
                $"The lock {holder.Id} ({holder.Path}) was released by somebody else while it was held here, so another run may have worked on the same state. Compare: \"drift\"."
            );
        }
    }

    /// <summary>Releases it when the work did not get so far.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_released)
            await of.ReleaseAsync(holder.Id, CancellationToken.None);
    }
}
