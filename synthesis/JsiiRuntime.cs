using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Stacks;

namespace InfraCdktf.Synthesis;

/// <summary>
/// What synthesis needs around it. jsii's .NET runtime unpacks itself and every binding (7 MB) below TMPDIR and never deletes them, and without
/// Node.js it ends the process (SIGABRT) with a stack trace.
/// </summary>
/// <param name="searchPath">Where programs are found (PATH).</param>
internal sealed class JsiiRuntime(string searchPath) : IDisposable
{
    private const string TemporaryFiles = "TMPDIR";

    private DirectoryInfo? _files;

    /// <summary>Synthesizes, with jsii's files in a directory of their own.</summary>
    /// <exception cref="PipelineException">There is no Node.js.</exception>
    /// <exception cref="IOException">The output directory cannot be made.</exception>
    public void Synth(PlatformSpec platform, string outputDirectory)
    {
        var name = OperatingSystem.IsWindows() ? "node.exe" : "node";
        if (!searchPath.Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, name))))
            throw new PipelineException("synthesis: node is not on PATH, and jsii runs on it. Install Node.js 20 or newer.");
        Directory.CreateDirectory(outputDirectory); // jsii would say EROFS or EACCES in a stack trace
        _files ??= Directory.CreateTempSubdirectory("infra-cdktf-jsii-");
        var before = System.Environment.GetEnvironmentVariable(TemporaryFiles);
        System.Environment.SetEnvironmentVariable(TemporaryFiles, _files.FullName);
        try
        {
            PlatformApp.Synth(platform, outputDirectory);
        }
        finally
        {
            System.Environment.SetEnvironmentVariable(TemporaryFiles, before);
        }
    }

    /// <summary>Deletes the files: Node.js has read them, and reads none of them again.</summary>
    public void Dispose() => _files?.Delete(recursive: true);
}
