using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State.Doctor;

/// <summary>
/// Checks on the real buckets that the state is safe. It tests behaviour and does not trust settings. It removes its test objects
/// before it returns. A check that fails for another reason than the one it tests is a finding too.
/// </summary>
public static class StateDoctor
{
    /// <summary>Checks the buckets, then the stacks in parallel.</summary>
    /// <param name="workspace">The workspace that names the buckets.</param>
    /// <param name="stacks">The stacks to check.</param>
    /// <param name="found">Called with each finding immediately.</param>
    /// <param name="cancellation">Stops between two checks.</param>
    /// <exception cref="PipelineException">The environment has no credentials for the buckets.</exception>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(
        Workspace workspace,
        IReadOnlyList<string> stacks,
        Action<Finding> found,
        CancellationToken cancellation
    )
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var findings = new List<Finding>();
        foreach (var check in new BucketChecks(workspace, buckets).All)
        {
            var finding = await RunAsync(check, stack: null, cancellation);
            Add(finding);
            if (finding.Check != BucketChecks.Store)
                continue;
            // What is left on this machine needs no store.
            foreach (var stack in stacks)
            foreach (var local in new StackChecks(workspace, buckets, stack).Local)
                Add(await RunAsync(local, stack, cancellation));
            return findings;
        }
        Add(Distinct(buckets.Keys, stacks));
        var ofStacks = await Wave.RunAsync(
            stacks,
            async stack =>
            {
                var own = new List<Finding>();
                foreach (var check in new StackChecks(workspace, buckets, stack).All)
                    own.Add(await RunAsync(check, stack, cancellation));
                return own;
            }
        );
        foreach (var finding in ofStacks.SelectMany(own => own))
            Add(finding);
        return findings;

        void Add(Finding finding)
        {
            findings.Add(finding);
            found(finding);
        }
    }

    /// <summary>
    /// Requires a different key for each stack: with a shared key, a user who applies a small stack can read the state of core.
    /// </summary>
    private static Finding Distinct(StateKeys keys, IReadOnlyList<string> stacks)
    {
        const string check = "one key per stack";
        var shared = stacks
            .Where(stack => keys.Find(stack) is not null)
            .GroupBy(stack => keys.Of(stack).Fingerprint, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => string.Join(", ", group))
            .ToList();
        return shared.Count == 0
            ? Finding.Good(check, null, "no two stacks share a key")
            : Finding.Wrong(
                check,
                null,
                $"shared by {string.Join("; and by ", shared)}",
                $"Give each stack its own key ({StateKeys.VariableOf("name")}): create a new key (openssl rand -base64 32), "
                    + "set the shared key as ..._PREVIOUS, and run \"state rekey\"."
            );
    }

    private static async Task<Finding> RunAsync(
        Func<CancellationToken, Task<Finding>> check,
        string? stack,
        CancellationToken cancellation
    )
    {
        try
        {
            return await check(cancellation);
        }
        catch (PipelineException exception)
        {
            var name = check.Method.Name[..^"Async".Length].ToLowerInvariant();
            var (fact, remedy) = (exception.Message.TrimEnd('.'), "Then run \"state doctor\" again.");
            return exception is StorageException { Fault: StorageFault.Unreachable or StorageFault.Forbidden }
                ? Finding.Unknown(name, stack, fact, remedy)
                : Finding.Wrong(name, stack, fact, remedy);
        }
    }
}
