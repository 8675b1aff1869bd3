using System.Diagnostics;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>
/// <c>./infra</c> builds the program only if a source file changed. A script stands in for <c>dotnet</c> and lists its calls.
/// </summary>
[Trait("Level", "real")]
public sealed class InfraScriptTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _calls;

    public InfraScriptTests()
    {
        foreach (
            var folder in new[]
            {
                "charts/manifests",
                "constructs/network",
                "environments",
                "pipeline",
                "sandbox",
                "stacks",
                "synthesis",
            }
        )
            Write($"{folder}/File.cs");
        foreach (var file in new[] { "Main.cs", "InfraCdktf.csproj", "Directory.Build.props", "providers/Bindings.props" })
            Write(file);
        File.Copy(Repository.PathOf("infra"), Path.Combine(_directory.Path, "infra"));
        _calls = Path.Combine(_directory.Path, "calls");
        Directory.CreateDirectory(Path.Combine(_directory.Path, "tools"));
        var dotnet = Path.Combine(_directory.Path, "tools", "dotnet");
        File.WriteAllText(
            dotnet,
            $"""
            #!/bin/sh
            echo "$*" >> {_calls}
            mkdir -p {_directory.Path}/bin/Debug/net10.0 {_directory.Path}/obj
            [ "$1" != build ] || [ ! -e {_directory.Path}/broken ] || exit 1
            [ "$1" != build ] || mkdir -p {_directory.Path}/pipeline/obj {_directory.Path}/sandbox/bin
            [ "$1" != build ] || : > {_directory.Path}/bin/Debug/net10.0/InfraCdktf.dll

            """
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // All files are older than the first build.
        foreach (var entry in Directory.EnumerateFileSystemEntries(_directory.Path, "*", SearchOption.AllDirectories))
            Directory.SetLastWriteTimeUtc(entry, DateTime.UtcNow.AddHours(-1));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Infra_builds_once_and_passes_its_arguments()
    {
        Assert.Equal(0, Run("validate", "--json", "a b"));
        Assert.Equal(0, Run("plan", "core"));

        var calls = File.ReadAllLines(_calls);
        Assert.StartsWith("build ", calls[0], StringComparison.Ordinal);
        Assert.EndsWith("InfraCdktf.dll validate --json a b", calls[1], StringComparison.Ordinal);
        Assert.EndsWith("InfraCdktf.dll plan core", calls[2], StringComparison.Ordinal);
        Assert.Equal(3, calls.Length);
    }

    [Theory]
    [InlineData("environments/File.cs")]
    [InlineData("constructs/network/File.cs")]
    [InlineData("InfraCdktf.csproj")]
    [InlineData("providers/Bindings.props")]
    public void Infra_builds_again_after_a_change(string file)
    {
        Run("validate");
        Directory.SetLastWriteTimeUtc(Path.Combine(_directory.Path, file), DateTime.UtcNow.AddHours(1));
        Run("validate");

        Assert.Equal(2, Builds);
    }

    [Fact]
    public void Infra_builds_again_after_a_file_was_deleted()
    {
        Run("validate");
        var folder = Path.Combine(_directory.Path, "constructs", "network");
        File.Delete(Path.Combine(folder, "File.cs"));
        Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddHours(1));
        Run("validate");

        Assert.Equal(2, Builds);
    }

    [Fact]
    public void Infra_ignores_the_output_of_builds()
    {
        Run("validate");
        var made = Path.Combine(_directory.Path, "pipeline", "obj", "File.cs");
        Directory.CreateDirectory(Path.GetDirectoryName(made)!);
        File.WriteAllText(made, "");
        Directory.SetLastWriteTimeUtc(made, DateTime.UtcNow.AddHours(1));
        Directory.SetLastWriteTimeUtc(Path.Combine(_directory.Path, "pipeline"), DateTime.UtcNow.AddHours(-1));
        Run("validate");

        Assert.Equal(1, Builds);
    }

    [Fact]
    public void Infra_runs_nothing_after_a_failed_build_and_builds_next_time()
    {
        Write("broken");
        Assert.NotEqual(0, Run("validate"));
        Assert.Single(File.ReadAllLines(_calls));
        File.Delete(Path.Combine(_directory.Path, "broken"));
        Assert.Equal(0, Run("validate"));

        Assert.Equal(2, Builds);
    }

    private int Builds => File.ReadAllLines(_calls).Count(call => call.StartsWith("build ", StringComparison.Ordinal));

    private int Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(_directory.Path, "infra"), arguments)
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = $"{Path.Combine(_directory.Path, "tools")}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEnd();
        _ = output.Result;
        process.WaitForExit();
        return process.ExitCode;
    }

    private void Write(string file)
    {
        var path = Path.Combine(_directory.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
    }
}
