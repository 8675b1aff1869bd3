using System.Text.Json;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>
/// The lock of a stack's state: the same object that Terraform's <c>use_lockfile</c> writes, so that a run of Terraform and a
/// command of this program exclude each other. Terraform cannot name the holder, because it reads the object without the key that
/// encrypts it (measured, 1.11.4). This class reads it with the key. The lock works only in an unversioned bucket: see <c>state
/// doctor</c>.
/// </summary>
/// <param name="live">The bucket of the live state.</param>
/// <param name="address">Where the stack's state is stored.</param>
/// <param name="key">The stack's key.</param>
public sealed class StateLock(Bucket live, StateAddress address, StateKey key)
{
    // The time limit for a release after a failure. A release takes less than 1 s.
    private static readonly TimeSpan _release = TimeSpan.FromSeconds(20);

    /// <summary>The complete command that releases the lock of a stack, also without a terminal. It is for messages.</summary>
    public static string UnlockCommand(string stack) => $"\"state unlock {stack} --yes --reason 'its run has ended'\"";

    /// <summary>The lock of a stack.</summary>
    public static StateLock Of(StateBuckets buckets, PlatformSpec platform, string stack) =>
        new(buckets.Live, StateAddress.Of(platform, stack), buckets.Keys.Of(stack));

    /// <summary>
    /// Describes the holder of a stack's lock, for the error of a refused run. It returns a sentence in every case.
    /// </summary>
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
                : $"The lock of stack {stack} was released in the meantime. Run the command again.";
        }
        catch (PipelineException exception)
        {
            return $"The holder of the lock of stack {stack} cannot be read: {exception.Message}";
        }
    }

    /// <summary>What is known about the run that holds the lock.</summary>
    /// <param name="holder">The lock, as it was read.</param>
    public LockingRun RunOf(LockHolder holder) => LockingRun.Of(holder, live.Address, address.Key);

    /// <summary>Reads the holder of the lock; null if the stack is not locked.</summary>
    /// <exception cref="StorageException">
    /// It cannot be read. The fault is <see cref="StorageFault.StateKey"/> if it was written with another key.
    /// </exception>
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
                $"{live.Address}: {address.LockKey} is not a valid lock: {exception.Message} Find out which tool wrote it, "
                    + "then delete it.",
                exception
            );
        }
    }

    /// <summary>Takes the lock. The caller releases it when the work is done, and disposes it in every case.</summary>
    /// <param name="stack">The stack, for messages.</param>
    /// <param name="operation">The operation: the command's name.</param>
    /// <param name="environment">The caller's environment. It names the run on GitHub, if there is one.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="PipelineException">
    /// Another run holds it. The message names the holder, the start time and the remedy.
    /// </exception>
    public async Task<HeldLock> TakeAsync(
        string stack,
        string operation,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellation
    )
    {
        var holder = NewHolder(operation, environment);
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
            var other = await ReadAsync(cancellation);
            // The answer to the write was lost, the write was sent again, and the second one found the lock of the first.
            if (other?.Id == holder.Id)
                return new(this, holder);
            throw new PipelineException(
                other is not null
                    ? Refusal(stack, other)
                    : $"The lock of stack {stack} was held by another run and is free now. Run the command again.",
                exception
            );
        }
        catch
        {
            // The write may have reached the store although its answer did not come.
            await TryReleaseAsync(holder.Id);
            throw;
        }
        return new(this, holder);
    }

    /// <summary>
    /// Takes the lock, works, and releases the lock. After the work it fails if the lock was not held until then. If the work
    /// fails, a failure of the release is added to its failure and does not hide it.
    /// </summary>
    /// <param name="stack">The stack, for messages.</param>
    /// <param name="operation">The operation: the command's name.</param>
    /// <param name="environment">The caller's environment.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">Ends the wait for the lock; the work has its own.</param>
    public async Task<T> HoldAsync<T>(
        string stack,
        string operation,
        IReadOnlyDictionary<string, string> environment,
        Func<Task<T>> work,
        CancellationToken cancellation
    )
    {
        var held = await TakeAsync(stack, operation, environment, cancellation);
        T result;
        try
        {
            result = await work();
        }
        catch (Exception failure)
        {
            if (await TryReleaseAsync(held.Holder.Id) is { } left)
                throw new AggregateException(
                    failure,
                    new PipelineException(
                        $"The lock of stack {stack} could not be released: {left.Message} Then run \"state doctor {stack}\".",
                        left
                    )
                );
            throw;
        }
        // Also after a stop on request: otherwise the lock would stay.
        await held.ReleaseAsync(CancellationToken.None);
        return result;
    }

    /// <summary>Releases the lock if it still has this id, in a limited time, also after a stop on request.</summary>
    /// <returns>The failure; null if the lock is released or belongs to another run.</returns>
    internal async Task<Exception?> TryReleaseAsync(string id)
    {
        using var limit = new CancellationTokenSource(_release);
        try
        {
            await ReleaseAsync(id, limit.Token);
            return null;
        }
        catch (OperationCanceledException exception)
        {
            return new PipelineException($"{live.Address} did not answer within {_release.TotalSeconds:0} s.", exception);
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>Releases the lock if it still has this id.</summary>
    /// <param name="id">The lock's id.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>False if the lock does not exist any more or belongs to another run. Then nothing is changed.</returns>
    /// <remarks>The read and the delete are two calls: S3 has no conditional delete that RADOS Gateway honours.</remarks>
    public async Task<bool> ReleaseAsync(string id, CancellationToken cancellation)
    {
        if ((await ReadAsync(cancellation))?.Id != id)
            return false;
        await live.DeleteAsync(address.LockKey, version: null, cancellation);
        return true;
    }

    private static string Refusal(string stack, LockHolder holder) =>
        $"The lock of stack {stack} is held by {holder.Describe(DateTimeOffset.UtcNow)}. Wait until that run has ended. If it "
        + $"has ended without releasing its lock: {UnlockCommand(stack)}.";

    private LockHolder NewHolder(string operation, IReadOnlyDictionary<string, string> environment) =>
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

    /// <summary>The content of the lock object.</summary>
    public LockHolder Holder => holder;

    /// <summary>Releases the lock after the work. It fails if the lock was not held until now.</summary>
    /// <exception cref="PipelineException">Another process released it, so other work may have run at the same time.</exception>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        _released = true;
        if (!await of.ReleaseAsync(holder.Id, cancellation))
        {
            throw new PipelineException(
                $"The lock {holder.Id} ({holder.Path}) was released by another process while this run held it. Another run "
                    + "may have worked on the same state. Check with \"drift\"."
            );
        }
    }

    /// <summary>
    /// Releases the lock if <see cref="ReleaseAsync"/> did not run. It throws nothing: the exception of the work must not be
    /// hidden. A lock that stays is reported by the next command.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!_released)
            await of.TryReleaseAsync(holder.Id);
    }
}
