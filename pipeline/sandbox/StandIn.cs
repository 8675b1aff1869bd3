using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox;
using InfraCdktf.Sandbox.Hosting;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary>The background process of a sandbox: the program of <c>sandbox/</c> with its command <c>serve</c>.</summary>
internal static class StandIn
{
    // It starts in about a second; a busy machine needs longer.
    private static readonly TimeSpan _untilReady = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _untilStopped = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _between = TimeSpan.FromMilliseconds(20);

    private const int LinesOfLog = 20;

    /// <summary>Starts the process and records it. A process that is not recorded ends with this one.</summary>
    /// <param name="place">The directory of the sandbox.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="PipelineException">It did not start. The message has the end of its log.</exception>
    public static async Task<RunningSandbox> StartAsync(SandboxDirectory place, TimeProvider time, CancellationToken cancellation)
    {
        string[] serve = [CopyProgram(place), "serve", "--directory", place.Account, "--record", place.FullPath];
        // The shell connects standard error with the log: .NET can redirect the output of a child only to pipes.
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", "log=$1; shift; exec \"$@\" 2>>\"$log\"", "sh", place.Log, Dotnet, .. serve]
        )
        {
            WorkingDirectory = place.FullPath,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Clear();
        foreach (var name in (string[])["PATH", "HOME", "TMPDIR", "LANG", "TZ"])
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
                start.Environment[name] = value;
        }
        // The sockets of the runtime's diagnostics would stay in TMPDIR after a kill.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_untilReady);
        string? line;
        try
        {
            line = await process.StandardOutput.ReadLineAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            line = null;
        }
        if (line is null || ProcessIdentity.Of(process.Id) is not { } identity)
        {
            process.StandardInput.Close();
            throw new PipelineException(
                $"The stand-in cloud of {place.FullPath} did not start within {_untilReady.TotalSeconds} s. The end of its log "
                    + $"({place.Log}):\n{EndOf(place.Log)}"
            );
        }
        var running = new RunningSandbox(
            $"{identity}",
            time.GetUtcNow(),
            JsonSerializer.Deserialize<Dictionary<string, string>>(line)!
        );
        place.Write(running);
        await process.StandardInput.WriteLineAsync("recorded");
        return running;
    }

    /// <summary>
    /// Stops the process, and before it the Terraform processes that use its providers: without them they would fail or wait.
    /// </summary>
    /// <returns>What was ended in addition, one line each.</returns>
    public static async Task<IReadOnlyList<string>> StopAsync(RunningSandbox running)
    {
        var ended = new List<string>();
        foreach (var (process, command) in Users(running.Variables["TF_REATTACH_PROVIDERS"]))
        {
            Kill(process);
            ended.Add($"process {process} ({command})");
        }
        if (running.Identity is not { } standIn)
            return ended;
        const int sigterm = 15;
        if (standIn.IsRunning == true)
            _ = kill(standIn.Id, sigterm);
        var waited = Stopwatch.StartNew();
        while (standIn.IsRunning == true && waited.Elapsed < _untilStopped)
            await Task.Delay(_between);
        if (standIn.IsRunning == true)
            Kill(standIn.Id);
        while (standIn.IsRunning == true)
            await Task.Delay(_between);
        return ended;
    }

    /// <summary>
    /// The Terraform processes with these providers, and their command lines. A killed command of this program leaves its
    /// Terraform running.
    /// </summary>
    private static List<(int Process, string Command)> Users(string reattach)
    {
        var found = new List<(int, string)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (
                    int.TryParse(Path.GetFileName(directory), out var process)
                    && new FileInfo($"{directory}/exe").LinkTarget is { } program
                    && Path.GetFileName(program) is { } name
                    && (
                        name.StartsWith("terraform", StringComparison.Ordinal)
                        || name.StartsWith("tofu", StringComparison.Ordinal)
                    )
                    && File.ReadAllText($"{directory}/environ").Split('\0').Contains($"TF_REATTACH_PROVIDERS={reattach}")
                )
                    found.Add((process, File.ReadAllText($"{directory}/cmdline").Replace('\0', ' ').Trim()));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has ended, or belongs to another user.
            }
        }
        return found;
    }

    private static void Kill(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            found.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended meanwhile.
        }
    }

    // A build writes into the files of the program, and a process that has them mapped would crash.
    private static string CopyProgram(SandboxDirectory place)
    {
        var from = Path.GetDirectoryName(typeof(CloudSandbox).Assembly.Location)!;
        var name = Path.GetFileNameWithoutExtension(typeof(CloudSandbox).Assembly.Location);
        if (Directory.Exists(place.Program))
            Directory.Delete(place.Program, recursive: true);
        Directory.CreateDirectory(place.Program);
        var dependencies = $"{name}.deps.json";
        var files = JsonNode.Parse(File.ReadAllText(Path.Combine(from, dependencies)))!["targets"]!
            .AsObject()
            .SelectMany(target => target.Value!.AsObject())
            .SelectMany(package => package.Value!["runtime"]?.AsObject() ?? [])
            .Select(file => Path.GetFileName(file.Key));
        foreach (var file in files.Append(dependencies).Append($"{name}.runtimeconfig.json"))
            File.Copy(Path.Combine(from, file), Path.Combine(place.Program, file));
        return Path.Combine(place.Program, $"{name}.dll");
    }

    // The runtime of this process: {root}/shared/Microsoft.NETCore.App/{version}.
    private static string Dotnet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    private static string EndOf(string file) =>
        File.Exists(file) ? string.Join('\n', File.ReadAllLines(file).TakeLast(LinesOfLog)) : "(empty)";

    [DllImport("libc")]
    private static extern int kill(int process, int signal);
}
