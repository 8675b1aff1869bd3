using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>The program in its own process: its requirements on the machine, and the files that it leaves.</summary>
[Trait("Level", "synthesized")]
public sealed class ProgramTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Synth_leaves_no_temporary_files()
    {
        var result = await SynthAsync(System.Environment.GetEnvironmentVariable("PATH")!);

        Assert.True(result.ExitCode == ExitCode.Done, result.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));
    }

    [Fact]
    public async Task Synth_starts_Nodejs_without_the_launcher_of_jsii()
    {
        var calls = Path.Combine(_directory.Path, "calls");
        var node = Path.Combine(Directory.CreateDirectory(Path.Combine(_directory.Path, "bin")).FullName, "node");
        File.WriteAllText(node, $"#!/bin/sh\necho \"$@\" >> {calls}\nexec {DebianTools.PathOf("node")} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(node, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var path = $"{Path.GetDirectoryName(node)}:{System.Environment.GetEnvironmentVariable("PATH")}";

        var result = await SynthAsync(path);

        Assert.True(result.ExitCode == ExitCode.Done, result.Error);
        Assert.EndsWith("/direct.cjs", Assert.Single(File.ReadAllLines(calls)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Synth_keeps_the_jsii_runtime_of_the_caller()
    {
        var runtime = Path.Combine(_directory.Path, "runtime.js");
        File.WriteAllText(runtime, $"require('fs').writeFileSync('{_directory.Path}/called', '');");

        var result = await SynthAsync(System.Environment.GetEnvironmentVariable("PATH")!, runtime: runtime);

        Assert.NotEqual(ExitCode.Done, result.ExitCode);
        Assert.True(File.Exists(Path.Combine(_directory.Path, "called")), result.Error);
    }

    [Fact]
    public async Task Synth_writes_the_list_of_its_methods_for_the_next_run()
    {
        var list = Path.Combine(Path.GetDirectoryName(typeof(PlatformApp).Assembly.Location)!, "synth.startup");
        File.Delete(list);

        var result = await SynthAsync(System.Environment.GetEnvironmentVariable("PATH")!);

        Assert.True(result.ExitCode == ExitCode.Done, result.Error);
        Assert.True(new FileInfo(list).Length > 1000);
    }

    [Fact]
    public async Task Synth_without_node_shows_one_line()
    {
        var result = await SynthAsync("/nowhere");

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Equal("synthesis: node is not on PATH, but jsii needs it. Install Node.js 20 or newer.\n", result.Error);
    }

    [Fact]
    public async Task Synth_shows_one_line_for_an_unwritable_output()
    {
        var wrong = await SynthAsync(System.Environment.GetEnvironmentVariable("PATH")!, "/dev/null/cdktf.out");
        var empty = await SynthAsync(System.Environment.GetEnvironmentVariable("PATH")!, "");

        Assert.Equal(ExitCode.Failed, wrong.ExitCode);
        Assert.Single(wrong.Error.Trim().Split('\n'));
        Assert.Contains("/dev/null", wrong.Error, StringComparison.Ordinal);
        Assert.True(empty.ExitCode == ExitCode.Done, empty.Error);
        Assert.True(Directory.Exists(Path.Combine(_directory.Path, "cdktf.out", "stacks")));
    }

    public void Dispose() => _directory.Dispose();

    private string Temporary => Directory.CreateDirectory(Path.Combine(_directory.Path, "temporary")).FullName;

    private Task<ChildResult> SynthAsync(string searchPath, string? output = null, string? runtime = null) =>
        ChildProcess.RunAsync(
            "dotnet",
            [typeof(PlatformApp).Assembly.Location, "synth"],
            _directory.Path,
            new Dictionary<string, string>
            {
                ["PATH"] = searchPath,
                ["HOME"] = _directory.Path,
                ["TMPDIR"] = Temporary,
                ["DOTNET_EnableDiagnostics"] = "0", // else the runtime creates sockets in TMPDIR
                [runtime is null ? "UNUSED" : "JSII_RUNTIME"] = runtime ?? "",
                ["CDKTF_OUTDIR"] = output ?? Path.Combine(_directory.Path, "cdktf.out"),
            },
            line: null,
            CancellationToken.None
        );
}
