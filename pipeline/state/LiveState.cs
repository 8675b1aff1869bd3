using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>The state of a stack as it lies in the live bucket, for commands that work on it without Terraform. Write it only with its lock held.</summary>
/// <param name="buckets">The buckets.</param>
/// <param name="address">Where it lies.</param>
/// <param name="stack">The stack.</param>
public sealed class LiveState(StateBuckets buckets, StateAddress address, string stack)
{
    /// <summary>The live state of a stack.</summary>
    public static LiveState Of(StateBuckets buckets, PlatformSpec platform, string stack) =>
        new(buckets, StateAddress.Of(platform, stack), stack);

    /// <summary>Its bytes; null when there is none.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public Task<byte[]?> ReadAsync(CancellationToken cancellation) =>
        buckets.Live.ReadAsync(address.Key, buckets.Keys.AllOf(stack), cancellation);

    /// <summary>Writes it in one call: a crash leaves the old state or the new one.</summary>
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

    /// <summary>Reads bytes as a state; null when they are none: nothing there, cut off, not JSON.</summary>
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
