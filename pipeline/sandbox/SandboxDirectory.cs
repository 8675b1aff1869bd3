using System.Text.Json;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Hosting;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary>A stand-in cloud that runs in the background.</summary>
/// <param name="Process">Its process, as <see cref="ProcessIdentity.ToString"/> writes it.</param>
/// <param name="Since">When it was started.</param>
/// <param name="Variables">The variables of its servers: addresses, credentials, providers.</param>
public sealed record RunningSandbox(string Process, DateTimeOffset Since, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>The process; null if the text is damaged.</summary>
    public ProcessIdentity? Identity => ProcessIdentity.In(Process);

    /// <summary>True if exactly this process still runs, not another one with its number.</summary>
    public bool IsRunning => Identity?.IsRunning == true;
}

/// <summary>
/// The directory of a sandbox. It has everything that the sandbox and the commands in it write: the account, the synthesized
/// stacks, <c>outputs</c>, <c>.pipeline</c>, the record of the running process. Nothing of it reaches a real deploy.
/// </summary>
/// <param name="path">The path.</param>
public sealed class SandboxDirectory(string path)
{
    /// <summary>The name of the directory in a checkout.</summary>
    public const string Name = ".sandbox";

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The full path.</summary>
    public string FullPath { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    /// <summary>The account: the objects and buckets of the stand-in cloud.</summary>
    public string Account => In("account");

    /// <summary>The synthesized stacks.</summary>
    public string Output => In("cdktf.out");

    /// <summary>What the process wrote to standard error, and the output of <c>up --deployed</c>.</summary>
    public string Log => In("sandbox.log");

    /// <summary>Programs that come first in the PATH of the sandbox.</summary>
    public string Tools => In("bin");

    /// <summary>The copy of the program that runs in the background: a build replaces the files of the original.</summary>
    public string Program => In("program");

    /// <summary>The settings of the bash of <c>sandbox shell</c>.</summary>
    public string BashSettings => In("bashrc");

    /// <summary>The settings of another POSIX shell of <c>sandbox shell</c>.</summary>
    public string PosixSettings => In("shrc");

    internal string Settings => In("variables");

    internal string Lock => In("lock");

    private string Record => In("running.json");

    /// <summary>True if it has the account of a sandbox.</summary>
    public bool HasAccount => Directory.Exists(Account);

    /// <summary>True if it has files of a sandbox, also of one whose start was interrupted; false if it does not exist.</summary>
    public bool IsSandbox => HasAccount || File.Exists(Lock);

    /// <summary>The last process that was started here, running or not; null if it was stopped.</summary>
    public RunningSandbox? Last
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize<RunningSandbox>(File.ReadAllText(Record), _json);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>The process that runs here; null if none does.</summary>
    public RunningSandbox? Running => Last is { IsRunning: true } running ? running : null;

    /// <summary>The running process.</summary>
    /// <exception cref="PipelineException">None runs.</exception>
    public RunningSandbox Require() =>
        Running
        ?? throw new PipelineException(
            $"No sandbox runs in {FullPath}{(Last is { } last ? $": that of {last.Since:u} has ended without \"down\"" : "")}. "
                + "Run \"sandbox up\" first."
        );

    /// <summary>The path as a person in the working directory writes it.</summary>
    public string ShownFrom(string directory) =>
        Path.GetRelativePath(directory, FullPath) is var relative && !relative.StartsWith("..", StringComparison.Ordinal)
            ? relative
            : FullPath;

    internal void Write(RunningSandbox running)
    {
        var draft = $"{Record}.{Guid.NewGuid():N}";
        using (var file = PrivateFiles.Create(draft))
            JsonSerializer.Serialize(file, running, _json);
        File.Move(draft, Record, overwrite: true);
    }

    internal void ForgetRunning() => File.Delete(Record);

    /// <summary>Deletes what sandboxes, rehearsals and commands in them write, and nothing else.</summary>
    /// <returns>The names of what is left.</returns>
    internal IReadOnlyList<string> Delete()
    {
        foreach (
            var directory in new[] { Account, Output, Tools, Program, In("outputs"), In(".pipeline"), In("logs"), In("plans") }
        )
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true);
        }
        // A killed command may have left a draft of the record.
        var drafts = Directory.EnumerateFiles(FullPath, $"{Path.GetFileName(Record)}.*");
        foreach (var file in (string[])[Log, BashSettings, PosixSettings, Settings, Record, .. drafts, Lock])
            File.Delete(file);
        var left = Directory.EnumerateFileSystemEntries(FullPath).Select(entry => Path.GetFileName(entry)).ToList();
        if (left.Count == 0)
            Directory.Delete(FullPath);
        return left;
    }

    private string In(string name) => Path.Combine(FullPath, name);
}
