using System.Globalization;
using System.Text.RegularExpressions;
using InfraCdktf.Sandbox.Hosting;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>What is known about a run that holds a lock.</summary>
/// <param name="Alive">True if the run is running, false if it has ended; null if this machine cannot know.</param>
/// <param name="Evidence">The evidence, in one sentence without a full stop.</param>
public sealed partial record LockingRun(bool? Alive, string Evidence)
{
    /// <summary>The name that this program writes where Terraform writes its version.</summary>
    public const string Program = "infra-cdktf";

    /// <summary>This user and machine, in Terraform's format user@host.</summary>
    public static string Who => $"{System.Environment.UserName}@{System.Environment.MachineName}";

    /// <summary>This process and its run on GitHub, if there is one.</summary>
    /// <param name="environment">The caller's environment.</param>
    public static string Info(IReadOnlyDictionary<string, string> environment)
    {
        var process =
            ProcessIdentity.Own?.ToString()
            ?? string.Create(CultureInfo.InvariantCulture, $"process {System.Environment.ProcessId}");
        return
            environment.GetValueOrDefault("GITHUB_SERVER_URL") is { } server
            && environment.GetValueOrDefault("GITHUB_REPOSITORY") is { } repository
            && environment.GetValueOrDefault("GITHUB_RUN_ID") is { } run
            ? $"{process}, run {server}/{repository}/actions/runs/{run}"
            : process;
    }

    /// <summary>
    /// Checks the run behind a lock. A lock has no heartbeat, so the result for a run on another machine is unknown. A lock of
    /// this program identifies its process. Terraform's lock has only user and machine: a terraform process that started before
    /// the lock may hold it, unless it is certain that it works on another state; without one the result is unknown, because
    /// another machine or container can have the same name.
    /// </summary>
    /// <param name="holder">The lock.</param>
    /// <param name="live">The bucket of the state.</param>
    /// <param name="key">The key of the state in it.</param>
    public static LockingRun Of(LockHolder holder, BucketAddress live, string key)
    {
        if (holder.Host != System.Environment.MachineName)
        {
            return RunOnGitHub().Match(holder.Info) is { Success: true } run
                ? new(null, $"It belongs to {run.Groups[1].Value}: check there whether that run is still running")
                : new(
                    null,
                    $"It was started on {holder.Host}, and this machine is {System.Environment.MachineName}: check there "
                        + "whether it is still running"
                );
        }
        if (ProcessIdentity.In(holder.Info) is { } process)
        {
            return process.IsRunning switch
            {
                true => new(true, $"Process {process.Id} is running on this machine"),
                false => new(false, $"Process {process.Id} of this machine has ended"),
                null => new(
                    null,
                    $"Process {process.Id} cannot be seen from here: it ran before this machine was started, on another machine "
                        + "of the same name, or in another container"
                ),
            };
        }
        var candidates = TerraformProcess.OnState(live, key, holder.Created);
        return candidates.Count == 0
            ? new(
                null,
                "The lock does not name its process, and no terraform process of this state that started before the lock can "
                    + "be seen here. Another machine or container can have the same name"
            )
            : new(
                true,
                "A terraform process that started before the lock and can work on this state is running on this machine: process "
                    + $"{string.Join(", ", candidates)}"
            );
    }

    [GeneratedRegex(@"\brun (https://\S+)")]
    private static partial Regex RunOnGitHub();
}
