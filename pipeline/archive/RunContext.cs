using System.ComponentModel;
using System.Reflection;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>Actor, commit and start time of a run of this program.</summary>
/// <param name="Actor">The account on GitHub, or the user of the machine.</param>
/// <param name="Commit">The commit, with "-dirty" if files differ from it; null if it is not known.</param>
/// <param name="ToolVersion">The version of this program.</param>
/// <param name="Started">When the run started.</param>
public sealed record RunContext(string Actor, string? Commit, string ToolVersion, DateTimeOffset Started)
{
    /// <summary>Reads the facts from the caller's environment. If GitHub does not give the commit, git does.</summary>
    public static async Task<RunContext> ReadAsync(Workspace workspace, CancellationToken cancellation)
    {
        var environment = workspace.Environment;
        return new(
            First("GITHUB_ACTOR", "USER", "LOGNAME") ?? System.Environment.UserName,
            First("GITHUB_SHA") ?? await CommitAsync(workspace, cancellation),
            typeof(RunContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            workspace.Time.GetUtcNow()
        );

        string? First(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
                if (environment.GetValueOrDefault(name) is { Length: > 0 } value)
                    return value;
            return null;
        }
    }

    private static async Task<string?> CommitAsync(Workspace workspace, CancellationToken cancellation)
    {
        var head = await GitAsync("rev-parse", "HEAD");
        if (head is null)
            return null;
        return await GitAsync("status", "--porcelain") is "" ? head : $"{head}-dirty";

        async Task<string?> GitAsync(params string[] arguments)
        {
            try
            {
                var result = await ChildProcess.RunAsync(
                    "git",
                    arguments,
                    workspace.Directory,
                    CallerVariables.ForPrograms(workspace.Environment),
                    line: null,
                    cancellation
                );
                return result.ExitCode == 0 ? result.Output.Trim() : null;
            }
            catch (Win32Exception)
            {
                return null; // no git on this machine
            }
        }
    }
}
