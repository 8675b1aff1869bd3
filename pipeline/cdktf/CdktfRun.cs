using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;

namespace InfraCdktf.Pipeline.Cdktf;

/// <summary>One run of cdktf-cli on this terminal, with <see cref="TerraformShim"/> in the place of Terraform.</summary>
public static class CdktfRun
{
    /// <summary>The variable with which cdktf-cli calls another program than <c>terraform</c>.</summary>
    private const string Binary = "TERRAFORM_BINARY_NAME";

    /// <summary>
    /// The variable against <c>terraform providers lock</c>: providers that run already are in no package that could be locked.
    /// </summary>
    private const string SkipLock = "CDKTF_SKIP_PROVIDER_LOCK";

    // A terminal sends its Ctrl-C to cdktf-cli too.
    private static readonly TimeSpan _ownInterrupt = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Runs cdktf-cli, and waits until it and every Terraform that it has started through the shim have ended.
    /// </summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="words">The command of cdktf-cli, its stacks and options.</param>
    /// <param name="output">Gets what the shim says after cdktf-cli has ended: then nobody else shows it.</param>
    /// <param name="cancellation">
    /// Ends cdktf-cli. That closes the terminal of each shim, which interrupts its Terraform, saves and archives.
    /// </param>
    /// <returns>The exit code of cdktf-cli.</returns>
    /// <exception cref="PipelineException">cdktf-cli is not installed.</exception>
    public static async Task<int> RunAsync(
        Workspace workspace,
        IReadOnlyList<string> words,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        var cdktf = Path.Combine(workspace.Directory, "node_modules", ".bin", "cdktf");
        if (!File.Exists(cdktf))
            throw new PipelineException($"{cdktf} does not exist. Run \"npm ci\" in {workspace.Directory}.");
        var directory = Directory.CreateTempSubdirectory("infra-cdktf-shim-").FullName;
        try
        {
            var shim = WriteShim(directory, workspace.Directory);
            var start = new ProcessStartInfo(cdktf, [.. words, "--app", Program, "--output", workspace.Output])
            {
                WorkingDirectory = workspace.Directory,
            };
            start.Environment.Clear();
            foreach (var (name, value) in workspace.Environment)
                start.Environment[name] = value;
            start.Environment[Binary] = shim;
            start.Environment["CHECKPOINT_DISABLE"] = "1";
            if (workspace.Environment.ContainsKey(CallerVariables.Reattach))
                start.Environment[SkipLock] = "true";
            var code = await RunAsync(start, cancellation);
            await ShimLog.FollowAsync(directory, output.Line);
            if (cancellation.IsCancellationRequested)
                throw new ChildStoppedException("cdktf-cli", new(code, "", ""), killed: false, cancellation);
            return code == 0 ? ExitCode.Done : ExitCode.Failed;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // A shell reads the command in --app.
    private static string Program => $"{Quoted("dotnet")} {Quoted(Assembly.GetEntryAssembly()!.Location)}";

    private static string WriteShim(string directory, string checkout)
    {
        var file = Path.Combine(directory, "terraform");
        var script = $"""
            #!/bin/sh
            # Terraform for cdktf-cli: {TerraformShim.Name} of this project's program.
            stack=$PWD
            cd {Quoted(checkout)}
            exec {Program} {TerraformShim.Name} --stack "$stack" --log {Quoted(directory)} -- "$@"
            """;
        File.WriteAllText(file, script.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // With this process's terminal: cdktf-cli asks there.
    private static async Task<int> RunAsync(ProcessStartInfo start, CancellationToken cancellation)
    {
        Process child;
        try
        {
            child = Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new PipelineException($"{start.FileName} cannot be started: {exception.Message}. Run \"npm ci\".");
        }
        using (child)
        {
            try
            {
                await child.WaitForExitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                using var patience = new CancellationTokenSource(_ownInterrupt);
                await child.WaitForExitAsync(patience.Token).ContinueWith(_ => { }, CancellationToken.None);
                if (!child.HasExited)
                    Terminate(child.Id);
                await child.WaitForExitAsync(CancellationToken.None);
            }
            return child.ExitCode;
        }
    }

    private static void Terminate(int process)
    {
        const int sigterm = 15;
        _ = kill(process, sigterm);

        [DllImport("libc")]
        static extern int kill(int pid, int signal);
    }
}
