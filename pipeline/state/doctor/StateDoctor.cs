using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State.Doctor;

/// <summary>
/// Proves on the actual buckets that the state is safe: nothing is believed that can be tried. What it writes to try is gone when it returns. A check that
/// fails for another reason than the one it looks for is a finding too.
/// </summary>
public static class StateDoctor
{
    /// <summary>Examines the buckets, then the stacks side by side.</summary>
    /// <param name="workspace">Where they are.</param>
    /// <param name="stacks">The stacks to look at.</param>
    /// <param name="found">Told each finding as it is made.</param>
    /// <param name="cancellation">Stops between two checks.</param>
    /// <exception cref="PipelineException">There are no credentials for the buckets.</exception>
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
            Add(await RunAsync(check, stack: null, cancellation));
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

    /// <summary>One key a stack: with a shared one, whoever applies a small stack can read the state of core.</summary>
    private static Finding Distinct(StateKeys keys, IReadOnlyList<string> stacks)
    {
        const string check = "one key a stack";
        var shared = stacks
            .Where(stack => keys.Find(stack) is not null)
            .GroupBy(stack => keys.Of(stack).Fingerprint, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => string.Join(", ", group))
            .ToList();
        return shared.Count == 0
            ? Finding.Good(check, null, "no two stacks share one")
            : Finding.Wrong(
                check,
                null,
                $"shared by {string.Join("; and by ", shared)}",
                $"Give each stack its own ({StateKeys.VariableOf("name")}): set the shared one as ..._PREVIOUS, a new one (openssl rand -base64 32), and run \"state rekey\"."
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
            return Finding.Wrong(name, stack, exception.Message.TrimEnd('.'), "Then run \"state doctor\" again.");
        }
    }
}
