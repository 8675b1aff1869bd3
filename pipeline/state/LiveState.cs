using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>
/// The state of a stack in the live bucket, for commands that work on it without Terraform. Write it only while its lock is held.
/// </summary>
/// <param name="buckets">The buckets.</param>
/// <param name="address">Where the state is stored.</param>
/// <param name="stack">The stack.</param>
public sealed class LiveState(StateBuckets buckets, StateAddress address, string stack)
{
    /// <summary>The live state of a stack.</summary>
    public static LiveState Of(StateBuckets buckets, PlatformSpec platform, string stack) =>
        new(buckets, StateAddress.Of(platform, stack), stack);

    /// <summary>True if there is a state. No state key is needed.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellation) =>
        await buckets.Live.ListAsync(address.Key, cancellation).AnyAsync(item => item.Key == address.Key, cancellation);

    /// <summary>The bytes of the state; null if there is none.</summary>
    /// <exception cref="StorageException">The state cannot be read.</exception>
    public Task<byte[]?> ReadAsync(CancellationToken cancellation) =>
        buckets.Live.ReadAsync(address.Key, buckets.Keys.AllOf(stack), cancellation);

    /// <summary>The state; null if there is none.</summary>
    /// <exception cref="StorageException">The state cannot be read.</exception>
    /// <exception cref="PipelineException">The bytes are not a state.</exception>
    public async Task<StateFile?> StateAsync(CancellationToken cancellation) =>
        await ReadAsync(cancellation) is { } state ? StateFile.Parse(state) : null;

    /// <summary>Writes the state in one call: after a crash the bucket has the old state or the new one.</summary>
    public async Task WriteAsync(byte[] state, CancellationToken cancellation)
    {
        using var content = new MemoryStream(state);
        await buckets.Live.PutAsync(
            address.Key,
            content,
            buckets.Keys.Of(stack),
            new() { ContentType = "application/json" },
            cancellation
        );
    }

    /// <summary>Reads bytes as a state; null if they are not a state: missing, cut off, not JSON.</summary>
    public static StateFile? TryParse(byte[]? state)
    {
        if (state is null)
            return null;
        try
        {
            return StateFile.Parse(state);
        }
        catch (PipelineException)
        {
            return null;
        }
    }
}
