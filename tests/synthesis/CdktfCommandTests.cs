using System.Diagnostics;
using InfraCdktf.Environments;
using InfraCdktf.Sandbox;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Synthesis;

/// <summary>The pinned <c>cdktf</c> command alone can synthesize this app and deploy a stack into the sandbox.</summary>
[Trait("Level", "real")]
public sealed class CdktfCommandTests(SynthesizedPlatform platform)
{
    [Fact]
    public async Task Cdktf_synthesizes_and_deploys_the_app()
    {
        using var directory = new TemporaryDirectory();
        await using var sandbox = await CloudSandbox.StartAsync(
            new() { Directory = Path.Combine(directory.Path, "account"), Buckets = [Inventory.Platform.State.Bucket] }
        );
        var app = typeof(PlatformApp).Assembly.Location;
        var output = Path.Combine(directory.Path, "cdktf.out");

        // The same command as in cdktf.json, but with the build of the tests.
        await RunAsync(sandbox, directory.Path, "synth", "--app", $"dotnet {app}", "--output", output);
        Assert.Equal(
            platform.Shipped.Stacks.ToDictionary(stack => stack.Key, stack => stack.Value.Text),
            new SynthesizedOutput(output).Stacks.ToDictionary(stack => stack.Key, stack => stack.Value.Text)
        );

        // A lock file needs provider packages, and this test downloads none.
        await RunAsync(
            sandbox,
            directory.Path,
            [
                "deploy",
                "state",
                "--auto-approve",
                "--skip-provider-lock",
                "--skip-synth",
                "--app",
                $"dotnet {app}",
                "--output",
                output,
            ]
        );
        Assert.Equal(platform.Shipped.Stacks["state"].Resources.Count, sandbox.Account.Objects.Count);
    }

    private static async Task RunAsync(CloudSandbox sandbox, string home, params string[] arguments)
    {
        var cdktf = Repository.PathOf("node_modules", ".bin", "cdktf");
        var start = new ProcessStartInfo(cdktf, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in sandbox.Environment)
            start.Environment[name] = value;
        start.Environment["HOME"] = home;
        start.Environment["CI"] = "true";
        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync();
        var text = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, $"cdktf {arguments[0]}: {text}\n{await error}");
    }
}
