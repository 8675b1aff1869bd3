using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Stacks;

namespace InfraCdktf.Synthesis;

/// <summary>
/// Prepares the environment of a synthesis. jsii's .NET runtime extracts itself and every binding (3 MB) into TMPDIR and never
/// deletes them; without Node.js it ends the process (SIGABRT) with a stack trace.
/// </summary>
/// <param name="searchPath">The PATH in which Node.js must be.</param>
internal sealed class JsiiRuntime(string searchPath) : IDisposable
{
    private const string TemporaryFiles = "TMPDIR";

    private static readonly string[] s_variables = [TemporaryFiles, DirectProgram.Variable];

    private DirectoryInfo? _files;

    /// <summary>Synthesizes a platform, with jsii's files in a temporary directory.</summary>
    /// <exception cref="SynthesisException">Node.js is not on PATH or has ended, or refuses to write a file.</exception>
    /// <exception cref="IOException">The output directory cannot be created.</exception>
    public void Synth(PlatformSpec platform, string outputDirectory)
    {
        var name = OperatingSystem.IsWindows() ? "node.exe" : "node";
        if (!searchPath.Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, name))))
            throw new SynthesisException("synthesis: node is not on PATH, but jsii needs it. Install Node.js 20 or newer.");
        Directory.CreateDirectory(outputDirectory); // jsii would show EROFS or EACCES with a stack trace
        _files ??= Directory.CreateTempSubdirectory("infra-cdktf-jsii-");
        var before = s_variables.ToDictionary(variable => variable, System.Environment.GetEnvironmentVariable);
        System.Environment.SetEnvironmentVariable(TemporaryFiles, _files.FullName);
        try
        {
            DirectProgram.Use(_files);
            // Node.js needs half a second to start. The inventory is checked in that time.
            var loading = Task.Run(Libraries.Load);
            try
            {
                PlatformApp.Check(platform);
            }
            finally
            {
                // Also after an error: Dispose must not delete files that are being written. WaitAny does not throw.
                Task.WaitAny(loading);
            }
            loading.GetAwaiter().GetResult();
            PlatformApp.Write(platform, outputDirectory);
        }
        catch (Exception exception) when (JsiiFailure.Explain(exception, outputDirectory) is { } sentence)
        {
            throw new SynthesisException(sentence, exception);
        }
        finally
        {
            foreach (var (variable, value) in before)
                System.Environment.SetEnvironmentVariable(variable, value);
        }
    }

    /// <summary>Deletes jsii's files; Node.js has read them and does not need them again.</summary>
    public void Dispose() => _files?.Delete(recursive: true);
}
