using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>How a stack's live state is stored in its bucket.</summary>
public enum StateProtection
{
    /// <summary>There is no live state yet.</summary>
    Absent,

    /// <summary>Encrypted, and the given key opens it.</summary>
    Encrypted,

    /// <summary>Readable without a key.</summary>
    Clear,

    /// <summary>Encrypted with another key than the given one.</summary>
    OtherKey,
}

/// <summary>
/// Reads the live state without the key and expects that the store refuses it. Terraform does not report when it writes a state
/// in clear: with <c>encrypt = false</c> it ignores the key (measured, 1.11.4).
/// </summary>
public static class StateProtections
{
    /// <summary>Checks how the live state is stored.</summary>
    /// <param name="live">The bucket of the live state.</param>
    /// <param name="address">Where the stack's state is stored.</param>
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
            // Expected: the state is encrypted.
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

    /// <summary>Requires that a stack's state is encrypted with the given key.</summary>
    /// <exception cref="PipelineException">
    /// The state can be read without the key, or cannot be read with the given key.
    /// </exception>
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

    /// <summary>The problem and its remedy; null if there is no problem.</summary>
    public static (string Fact, string Remedy)? Problem(string stack, StateProtection protection) =>
        protection switch
        {
            StateProtection.Clear => (
                "its live state can be read without a key.",
                "Assume that anyone who can read the bucket knows its content, and rotate every secret in it. Check that the "
                    + $"backend has encrypt = true (\"synth\" writes it). Then \"state rekey {stack}\" writes the state "
                    + "encrypted."
            ),
            StateProtection.OtherKey => (
                "its live state was written with another key than the one given.",
                $"Set {StateKeys.VariableOf(stack)} to the key that it was written with. While a rekey is unfinished, set "
                    + $"{StateKeys.PreviousVariableOf(stack)} to the old key."
            ),
            _ => null,
        };
}
