using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Sandbox;

/// <summary>A sandbox for several tests.</summary>
public sealed class UpFixture : IAsyncLifetime
{
    internal SandboxCheckout Checkout { get; } = new();

    /// <summary>What <c>sandbox up</c> printed.</summary>
    public string Output { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Output = await Checkout.DoAsync("sandbox", "up");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Checkout.DisposeAsync();
}

/// <summary>The commands of a running sandbox. The tour of docs/quick-start.md tries the others in it.</summary>
[Trait("Level", "real")]
public sealed class SandboxCommandTests(UpFixture fixture) : IClassFixture<UpFixture>
{
    private readonly SandboxCheckout _checkout = fixture.Checkout;

    [Fact]
    public async Task Up_twice_starts_one_process_and_repeats_what_is_next()
    {
        var first = fixture.Output;
        var process = _checkout.Process;
        var second = await _checkout.DoAsync("sandbox", "up");

        Assert.Equal(process, _checkout.Process);
        Assert.StartsWith("The sandbox runs already, since ", second, StringComparison.Ordinal);
        Assert.Equal(
            first[first.IndexOf("Next:", StringComparison.Ordinal)..],
            second[second.IndexOf("Next:", StringComparison.Ordinal)..]
        );
        Assert.Contains("./infra sandbox shell\n", first, StringComparison.Ordinal);
        Assert.Contains(
            "The sandbox in .sandbox runs since ",
            await _checkout.DoAsync("sandbox", "status"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Run_has_the_exit_code_and_no_real_credential()
    {
        var result = await _checkout.RunAsync("sandbox", "run", "--", "sh", "-c", "env; exit 7");
        var missing = await _checkout.RunAsync("sandbox", "run", "--", "no-such-program");

        Assert.Equal(7, result.ExitCode);
        var environment = result.Output.Split('\n');
        Assert.DoesNotContain(environment, line => line.EndsWith("=real", StringComparison.Ordinal));
        Assert.Contains("EDITOR=vi", environment);
        Assert.Contains($"INFRACDKTF_SANDBOX={_checkout.Sandbox.FullPath}", environment);
        Assert.Contains("LINODE_TOKEN=sandbox", environment);
        // Each stack has a key of its own, so that "state doctor" finds nothing wrong.
        var keys = environment.Where(line => line.StartsWith("STATE_KEY_", StringComparison.Ordinal)).ToList();
        Assert.Equal(6, keys.Select(line => line.Split('=', 2)[1]).Distinct().Count());
        Assert.Equal(ExitCode.Usage, missing.ExitCode);
        Assert.StartsWith("no-such-program cannot be started: ", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sandbox_runs_in_its_own_session_from_its_own_files()
    {
        // proc(5): the sixth field is the session. Its leader gets no SIGHUP of a terminal that is closed.
        var fields = (await File.ReadAllTextAsync($"/proc/{_checkout.Process}/stat")).Split(") ")[1].Split(' ');
        Assert.Equal($"{_checkout.Process}", fields[3]);
        // A build replaces the program's files, and would crash a process that has them mapped.
        var mapped = (await File.ReadAllLinesAsync($"/proc/{_checkout.Process}/maps"))
            .Select(line => line.Split(' ')[^1])
            .Where(file => file.EndsWith(".dll", StringComparison.Ordinal))
            .ToHashSet();
        Assert.Contains(mapped, file => file.StartsWith(_checkout.Sandbox.Program, StringComparison.Ordinal));
        Assert.DoesNotContain(
            mapped,
            file => Path.GetDirectoryName(file) == Path.GetDirectoryName(typeof(CloudSandbox).Assembly.Location)
        );
    }

    [Fact]
    public async Task Shell_on_a_terminal_shows_that_it_is_in_the_sandbox()
    {
        var program = typeof(PlatformApp).Assembly.Location;
        foreach (var shell in (string[])["/bin/sh", "/bin/bash"])
        {
            var start = new ProcessStartInfo(
                "script",
                ["--quiet", "--return", "--flush", "--command", $"dotnet {program} sandbox shell", "/dev/null"]
            )
            {
                WorkingDirectory = _checkout.Path,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            start.Environment.Clear();
            foreach (var (name, value) in _checkout.Environment)
                start.Environment[name] = value;
            start.Environment["SHELL"] = shell;
            // On a terminal without a name bash shows only the end of a long prompt.
            start.Environment["TERM"] = "xterm";
            using var terminal = Process.Start(start)!;
            await terminal.StandardInput.WriteAsync("echo $((20+22)) in $INFRACDKTF_SANDBOX\nexit 5\n");
            await terminal.StandardInput.FlushAsync();
            var output = await terminal.StandardOutput.ReadToEndAsync();
            await terminal.WaitForExitAsync();

            Assert.Equal(5, terminal.ExitCode);
            Assert.Contains("You are in the sandbox .sandbox: ", output, StringComparison.Ordinal);
            Assert.Contains("(sandbox) ", output, StringComparison.Ordinal);
            Assert.Contains($"42 in {_checkout.Sandbox.FullPath}", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Status_as_JSON_counts_the_objects_of_each_state()
    {
        var status = JsonNode.Parse(await _checkout.DoAsync("sandbox", "status", "--json"))!;

        Assert.True(status["running"]!.GetValue<bool>());
        Assert.Equal(_checkout.Process, status["process"]!.GetValue<int>());
        Assert.Equal(3, status["stacks"]![0]!["objects"]!["linode"]!.GetValue<int>());
        // No state has the key to the archive: only "state bootstrap" manages it.
        var inNone = status["stacks"]!.AsArray().Last()!;
        Assert.Null(inNone["stack"]);
        Assert.Equal(1, inNone["objects"]!["linode"]!.GetValue<int>());
    }
}
