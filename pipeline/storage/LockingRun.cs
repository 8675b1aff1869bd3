using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

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
        var process = string.Create(CultureInfo.InvariantCulture, $"process {System.Environment.ProcessId}");
        return
            environment.GetValueOrDefault("GITHUB_SERVER_URL") is { } server
            && environment.GetValueOrDefault("GITHUB_REPOSITORY") is { } repository
            && environment.GetValueOrDefault("GITHUB_RUN_ID") is { } run
            ? $"{process}, run {server}/{repository}/actions/runs/{run}"
            : process;
    }

    /// <summary>
    /// Checks the run behind a lock. A lock has no heartbeat, so the result for a run on another machine is unknown. On this
    /// machine a lock of this program names its process. A lock of Terraform needs a terraform process that started before the
    /// lock.
    /// </summary>
    public static LockingRun Of(LockHolder holder)
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
        if (ProcessOf().Match(holder.Info) is { Success: true } process)
        {
            var id = int.Parse(process.Groups[1].Value, CultureInfo.InvariantCulture);
            return IsRunning(id, holder.Created)
                ? new(true, $"Process {id} is running on this machine")
                : new(false, $"Process {id} of this machine has ended");
        }
        var candidates = Process
            .GetProcessesByName("terraform")
            .Where(candidate => IsRunning(candidate.Id, holder.Created))
            .Select(candidate => candidate.Id)
            .Order()
            .ToList();
        return candidates.Count == 0
            ? new(false, "No terraform process that started before the lock is running on this machine")
            : new(
                true,
                "A terraform process that started before the lock is running on this machine: process "
                    + $"{string.Join(", ", candidates)}"
            );
    }

    // A process that started after the lock has only the same number. The second covers the resolution of both clocks.
    private static bool IsRunning(int id, DateTimeOffset since)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime() <= since.UtcDateTime.AddSeconds(1);
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false; // it has ended
        }
    }

    [GeneratedRegex(@"\bprocess (\d{1,9})\b")]
    private static partial Regex ProcessOf();

    [GeneratedRegex(@"\brun (https://\S+)")]
    private static partial Regex RunOnGitHub();
}
