using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>How a stack's live state lies in its bucket.</summary>
public enum StateProtection
{
    /// <summary>There is none yet.</summary>
    Absent,

    /// <summary>Encrypted, and our key opens it.</summary>
    Encrypted,

    /// <summary>Readable without a key.</summary>
    Clear,

    /// <summary>Encrypted with another key than ours.</summary>
    OtherKey,
}

/// <summary>
/// Looks at the live state as somebody without the key would, and expects a refusal. Terraform says nothing when it writes a state in clear: with
/// <c>encrypt = false</c> it ignores the key (measured, 1.11.4).
/// </summary>
public static class StateProtections
{
    /// <summary>Looks.</summary>
    /// <param name="live">The bucket of the live state.</param>
    /// <param name="address">Where the stack's state lies.</param>
    /// <param name="key">The stack's key.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<StateProtection> LookAsync(
        Bucket live,
        StateAddress address,
        StateKey key,
        CancellationToken cancellation
    )
    {
        try
        {
            await using var open = await live.GetAsync(address.Key, stateKey: null, version: null, cancellation);
            return open is null ? StateProtection.Absent : StateProtection.Clear;
        }
        catch (StorageException exception) when (exception.Fault == StorageFault.StateKey)
        {
            // As it should be.
        }
        try
        {
            await using var opened = await live.GetAsync(address.Key, key, version: null, cancellation);
            return opened is null ? StateProtection.Absent : StateProtection.Encrypted;
        }
        catch (StorageException exception) when (exception.Fault == StorageFault.StateKey)
        {
            return StateProtection.OtherKey;
        }
    }

    /// <summary>Ends the work on a stack whose state is not protected as it must be.</summary>
    /// <exception cref="PipelineException">It can be read without the key, or not with ours.</exception>
    public static async Task RequireAsync(Workspace workspace, string stack, CancellationToken cancellation)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var protection = await LookAsync(
            buckets.Live,
            StateAddress.Of(workspace.Platform, stack),
            buckets.Keys.Of(stack),
            cancellation
        );
        if (Problem(stack, protection) is { } problem)
            throw new PipelineException($"stack {stack}: {problem.Fact} {problem.Remedy}");
    }

    /// <summary>What is wrong, and what to do; null when nothing is.</summary>
    public static (string Fact, string Remedy)? Problem(string stack, StateProtection protection) =>
        protection switch
        {
            StateProtection.Clear => (
                "its live state can be read without a key.",
                $"Take it as known to whoever can read the bucket, and rotate what it holds. See that the backend says encrypt = true (\"synth\" writes it); then \"state rekey {stack}\" writes it encrypted."
            ),
            StateProtection.OtherKey => (
                "its live state was written with another key than the one given.",
                $"Set {StateKeys.VariableOf(stack)} to the key that it was written with; while a rekey is unfinished, the old one as {StateKeys.PreviousVariableOf(stack)}."
            ),
            _ => null,
        };
}
