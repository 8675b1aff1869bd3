using System.Collections.Concurrent;
using System.ComponentModel;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Processes;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>A program that commands run.</summary>
/// <param name="Name">Its name on PATH.</param>
/// <param name="Oldest">The oldest version that works; null if every version works.</param>
/// <param name="Arguments">The arguments that print its version, without a call to any network.</param>
/// <param name="Install">Where to get it.</param>
public sealed partial record Tool(string Name, Version? Oldest, IReadOnlyList<string> Arguments, string Install)
{
    /// <summary>Terraform; from 1.11 on it has the lock file and write-only arguments.</summary>
    public static Tool Terraform { get; } =
        new("terraform", new(1, 11), ["version"], "developer.hashicorp.com/terraform/install");

    /// <summary>Node.js, for jsii.</summary>
    public static Tool Node { get; } = new("node", new(20, 0), ["--version"], "nodejs.org/en/download");

    /// <summary>kubectl.</summary>
    public static Tool Kubectl { get; } = new("kubectl", Oldest: null, ["version", "--client"], "kubernetes.io/docs/tasks/tools");

    /// <summary>Git.</summary>
    public static Tool Git { get; } = new("git", Oldest: null, ["--version"], "git-scm.com/downloads");

    // A program is asked once for each of its files; its time changes with an upgrade.
    private static readonly ConcurrentDictionary<(string File, DateTime Written), Task<string>> _answers = new();

    /// <summary>What is wrong with it, a sentence with the remedy; null if it can be used.</summary>
    /// <param name="environment">The caller's environment; PATH is searched.</param>
    public async Task<string?> ProblemAsync(IReadOnlyDictionary<string, string> environment)
    {
        if (Find(environment.GetValueOrDefault("PATH", "")) is not { } file)
            return $"{Wanted} is not on PATH. Install it ({Install}) and add it to PATH.";
        if (Oldest is null)
            return null;
        var said = await _answers.GetOrAdd((file, File.GetLastWriteTimeUtc(file)), _ => AskAsync(file, environment));
        if (VersionIn().Match(said) is not { Success: true } found)
            return $"{Wanted} is needed, and {file} does not print its version ({said}). Install it again ({Install}).";
        return Version.Parse(found.Value) >= Oldest
            ? null
            : $"{Wanted} is needed, and {file} is {found.Value}. Install a newer version ({Install}).";
    }

    private string Wanted => Oldest is null ? Name : $"{Name} {Oldest} or newer";

    private string? Find(string path)
    {
        var name = OperatingSystem.IsWindows() ? $"{Name}.exe" : Name;
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(place => Path.Combine(place, name))
            .FirstOrDefault(File.Exists);
    }

    private async Task<string> AskAsync(string file, IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            // Terraform would ask the network for a newer version.
            var variables = new Dictionary<string, string>(CallerVariables.ForPrograms(environment))
            {
                ["CHECKPOINT_DISABLE"] = "1",
            };
            var place = AppContext.BaseDirectory;
            var result = await ChildProcess.RunAsync(file, Arguments, place, variables, line: null, CancellationToken.None);
            return (result.Output.Length > 0 ? result.Output : result.Error).Split('\n')[0].Trim();
        }
        catch (Win32Exception exception)
        {
            return exception.Message;
        }
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex VersionIn();
}
