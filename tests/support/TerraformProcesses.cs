using System.Diagnostics;
using System.Globalization;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;

namespace InfraCdktf.Tests.Support;

/// <summary>The Terraform processes on this machine.</summary>
internal static class TerraformProcesses
{
    /// <summary>Waits until no process writes a journal.</summary>
    public static async Task EndAsync(ApplyJournal journal)
    {
        while (Writing(journal) is { Count: > 0 } writing)
            await Task.WhenAll(writing.Select(ProcessEnd.WaitAsync));
    }

    /// <summary>The ids of those that write a journal. The shell that starts one has its output too.</summary>
    public static IReadOnlyList<int> Writing(ApplyJournal journal) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
                .Where(id => id > 0 && Output(id) == journal.File),
        ];

    /// <summary>Kills those that apply a stack.</summary>
    public static void Kill(Workspace workspace, string stack)
    {
        foreach (var id in workspace.Journals.Of(stack).SelectMany(Writing))
        {
            using var terraform = Process.GetProcessById(id);
            terraform.Kill();
        }
    }

    private static string? Output(int process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/fd/1").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended, or belongs to another user
        }
    }
}
