using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>What is known of a run that holds a lock.</summary>
/// <param name="Alive">Whether it goes on; null when this machine cannot know.</param>
/// <param name="Evidence">Why, in one sentence.</param>
public sealed partial record LockingRun(bool? Alive, string Evidence)
{
    /// <summary>What this program writes where Terraform writes its version.</summary>
    public const string Program = "infra-cdktf";

    /// <summary>This user and machine, as Terraform writes them.</summary>
    public static string Who => $"{System.Environment.UserName}@{System.Environment.MachineName}";

    /// <summary>This process, and the run on GitHub that it is part of.</summary>
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
    /// Looks at the run behind a lock. No lock has a heartbeat, so a run on another machine stays unknown. Here, a lock of ours names its process; a lock of
    /// Terraform's needs a terraform that was started before it.
    /// </summary>
    public static LockingRun Of(LockHolder holder)
    {
        if (holder.Host != System.Environment.MachineName)
        {
            return RunOnGitHub().Match(holder.Info) is { Success: true } run
                ? new(null, $"It was part of {run.Groups[1].Value}: see there whether that run is still going on")
                : new(
                    null,
                    $"It ran on {holder.Host}, and this is {System.Environment.MachineName}: see there whether it is still going on"
                );
        }
        if (ProcessOf().Match(holder.Info) is { Success: true } process)
        {
            var id = int.Parse(process.Groups[1].Value, CultureInfo.InvariantCulture);
            return Lives(id, holder.Created)
                ? new(true, $"Process {id} is running on this machine")
                : new(false, $"Process {id} of this machine has ended");
        }
        var candidates = Process
            .GetProcessesByName("terraform")
            .Where(candidate => Lives(candidate.Id, holder.Created))
            .Select(candidate => candidate.Id)
            .Order()
            .ToList();
        return candidates.Count == 0
            ? new(false, "No terraform that was started before the lock is running on this machine")
            : new(
                true,
                $"A terraform that was started before the lock is running on this machine: process {string.Join(", ", candidates)}"
            );
    }

    // A process that is younger than the lock only has its number. A second for the resolution of both clocks.
    private static bool Lives(int id, DateTimeOffset since)
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
