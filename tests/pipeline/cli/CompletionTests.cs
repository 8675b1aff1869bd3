using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>The completion scripts in real shells, with the real program behind them.</summary>
[Trait("Level", "synthesized")]
public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("infra arch", "archive")]
    [InlineData("infra state rec", "recover")]
    [InlineData("infra deploy prod", "production")]
    [InlineData("infra plan --skip", "--skip-synth")]
    public async Task Bash_completes_commands_options_and_stacks(string typed, string completed)
    {
        // What bash does after the Tab key: it sets these variables and calls the function.
        var script = $$"""
            source <({{Program}} completion bash)
            COMP_LINE='{{typed.Replace("infra", Program, StringComparison.Ordinal)}}'
            COMP_POINT=${#COMP_LINE}
            COMP_WORDS=($COMP_LINE)
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _infra
            printf '%s\n' "${COMPREPLY[@]}"
            complete -p infra
            """;
        var result = await RunAsync("bash", script);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal([completed, "complete -o default -F _infra infra"], result.Output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Zsh_completes_a_command()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/zsh"), "zsh is not installed (Debian: apt-get install zsh).");
        var script = $$"""
            autoload -U compinit; compinit -u -d {{_directory.Path}}/dump
            source <({{Program}} completion zsh)
            compadd() { print -l -- $found; }
            words=({{Program}} arch); CURRENT=2
            _infra
            """;
        var result = await RunAsync("zsh", script);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("archive", result.Output.Split('\n'));
    }

    [Fact]
    public async Task Fish_completes_a_command()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/fish"), "fish is not installed (Debian: apt-get install fish).");
        var result = await RunAsync("fish", $"{Program} completion fish | source; complete -C '{Program} arch'");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("archive", result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    // "./infra" builds the program if a source file changed; this one only runs it.
    private string Program
    {
        get
        {
            var file = Path.Combine(_directory.Path, "infra");
            if (!File.Exists(file))
            {
                File.WriteAllText(file, $"#!/bin/sh\nexec dotnet {typeof(PlatformApp).Assembly.Location} \"$@\"\n");
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            return file;
        }
    }

    private Task<ChildResult> RunAsync(string shell, string script) =>
        ChildProcess.RunAsync(
            shell,
            ["-c", script],
            _directory.Path,
            new Dictionary<string, string>
            {
                ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = _directory.Path,
                ["DOTNET_EnableDiagnostics"] = "0",
            },
            line: null,
            TestContext.Current.CancellationToken
        );
}
