using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Sandbox;

/// <summary>
/// The start and the end of sandboxes: each starts once, is apart from the checkout and from other sandboxes, and leaves nothing.
/// </summary>
[Trait("Level", "real")]
public sealed class SandboxLifeTests : IAsyncLifetime
{
    private readonly SandboxCheckout _checkout = new();

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _checkout.DisposeAsync();

    [Fact]
    public async Task Parallel_ups_start_one_process()
    {
        var ups = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _checkout.DoAsync("sandbox", "up")));

        Assert.Single(ups, output => output.Contains("Starting a stand-in cloud", StringComparison.Ordinal));
        Assert.Single(_checkout.Processes, command => command.Contains(" serve ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_without_a_sandbox_names_the_command_that_starts_one()
    {
        var result = await _checkout.RunAsync("sandbox", "run", "--", "true");

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Equal($"No sandbox runs in {_checkout.Sandbox.FullPath}. Run \"sandbox up\" first.\n", result.Error);
        Assert.Equal(ExitCode.Failed, (await _checkout.RunAsync("sandbox", "status")).ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_checkout.Path));
    }

    [Fact]
    public async Task Two_sandboxes_do_not_see_each_other()
    {
        await using var other = new SandboxCheckout();
        await Task.WhenAll(_checkout.DoAsync("sandbox", "up"), other.DoAsync("sandbox", "up"));

        await _checkout.ShAsync("kubectl create namespace here");
        Assert.DoesNotContain("here", await other.ShAsync("kubectl get namespaces"), StringComparison.Ordinal);
        await other.DoAsync("sandbox", "down");

        Assert.Contains("here", await _checkout.ShAsync("kubectl get namespaces"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(other.Path));
    }

    [Fact]
    public async Task Down_leaves_no_process_and_no_file()
    {
        await _checkout.DoAsync("sandbox", "up");
        // A deploy that was killed while a call was under way: Terraform continues, and has a directory in memory.
        await _checkout.DoAsync("sandbox", "fault", """{"operation":"create","type":"linode_vpc","hold":true}""");
        var journals = Directory.CreateDirectory(Path.Combine(_checkout.Sandbox.FullPath, ".pipeline", "journals")).FullName;
        using (var deploy = await StartInSandboxAsync("deploy", "core", "--yes"))
        {
            await FileChanges.UntilAsync(
                journals,
                () =>
                    Directory
                        .GetFiles(journals)
                        .Any(file => File.ReadAllText(file).Contains("apply_start", StringComparison.Ordinal))
            );
            deploy.Kill();
            await deploy.WaitForExitAsync();
        }

        var output = await _checkout.DoAsync("sandbox", "down");

        Assert.Matches(@"(?m)^Ended: process \d+ \(terraform apply .*\)\.$", output);
        Assert.EndsWith("Stopped, and .sandbox is deleted.\n", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_checkout.Path));
        Assert.Empty(_checkout.Processes);
        Assert.Equal("There is no sandbox in .sandbox.\n", await _checkout.DoAsync("sandbox", "down"));
    }

    [Fact]
    public async Task Down_leaves_files_of_others_alone()
    {
        await _checkout.DoAsync("sandbox", "up");
        await File.WriteAllTextAsync(Path.Combine(_checkout.Sandbox.FullPath, "notes.txt"), "mine");

        Assert.EndsWith(
            "Stopped. .sandbox keeps files of others: notes.txt.\n",
            await _checkout.DoAsync("sandbox", "down"),
            StringComparison.Ordinal
        );
        Assert.Equal(["notes.txt"], Directory.GetFileSystemEntries(_checkout.Sandbox.FullPath).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Up_refuses_a_directory_with_other_files()
    {
        await File.WriteAllTextAsync(Path.Combine(_checkout.Path, "notes.txt"), "mine");
        var result = await _checkout.RunAsync("sandbox", "up", "--directory", ".");

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("which has other files", result.Error, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(_checkout.Path));
    }

    [Fact]
    public async Task Down_with_keep_is_continued_by_up()
    {
        await _checkout.DoAsync("sandbox", "up");
        await _checkout.ShAsync("kubectl create namespace kept");
        await _checkout.DoAsync("sandbox", "down", "--keep");
        Assert.Empty(_checkout.Processes);

        await _checkout.DoAsync("sandbox", "up");
        Assert.Contains("kept", await _checkout.ShAsync("kubectl get namespaces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_sandbox_is_named_and_continued_by_up()
    {
        await _checkout.DoAsync("sandbox", "up");
        await _checkout.ShAsync("kubectl create namespace kept");
        await _checkout.KillAsync();

        var status = await _checkout.RunAsync("sandbox", "status");
        Assert.Equal(ExitCode.Failed, status.ExitCode);
        Assert.StartsWith("The sandbox in .sandbox has ended without \"down\".", status.Output, StringComparison.Ordinal);
        var up = await _checkout.DoAsync("sandbox", "up");
        Assert.Contains("has ended without \"down\". It starts again with the same account.", up, StringComparison.Ordinal);
        Assert.Contains("kept", await _checkout.ShAsync("kubectl get namespaces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_with_the_number_of_an_ended_sandbox_is_left_alone()
    {
        using var other = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        Directory.CreateDirectory(_checkout.Sandbox.Account);
        var ended = ProcessIdentity.Of(other.Id)! with { Start = "1" };
        _checkout.Sandbox.Write(
            new($"{ended}", DateTimeOffset.UtcNow, new Dictionary<string, string> { ["TF_REATTACH_PROVIDERS"] = "{}" })
        );

        var status = await _checkout.RunAsync("sandbox", "status");
        Assert.StartsWith("The sandbox in .sandbox has ended without \"down\".", status.Output, StringComparison.Ordinal);
        await _checkout.DoAsync("sandbox", "down");

        Assert.False(other.HasExited);
        other.StandardInput.Close();
        await other.WaitForExitAsync();
    }

    [Fact]
    public async Task Shell_of_an_ended_sandbox_is_refused()
    {
        await _checkout.DoAsync("sandbox", "up");
        var shell = await EnvironmentAsync();
        await _checkout.KillAsync();

        var before = await _checkout.RunAsync(shell, "plan", "core");
        await _checkout.DoAsync("sandbox", "up");
        var after = await _checkout.RunAsync(shell, "plan", "core");
        await _checkout.DoAsync("sandbox", "down");

        foreach (var result in new[] { before, after })
        {
            Assert.Equal(ExitCode.Usage, result.ExitCode);
            Assert.StartsWith(
                $"INFRACDKTF_SANDBOX: given {_checkout.Sandbox.FullPath}; ",
                result.Error,
                StringComparison.Ordinal
            );
            Assert.Single(result.Error.Trim().Split('\n'));
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(_checkout.Path));
    }

    [Fact]
    public async Task Stand_in_that_nobody_recorded_ends_with_its_starter()
    {
        using var account = new TemporaryDirectory();
        using var serve = Tests.Sandbox.SandboxProgram.Start("serve", "--directory", account.Path, "--record", account.Path);
        Assert.NotNull(JsonNode.Parse((await serve.StandardOutput.ReadLineAsync(Patience.Token))!)!["LINODE_URL"]);

        serve.StandardInput.Close();
        await serve.WaitForExitAsync(Patience.Token);

        Assert.Equal(1, serve.ExitCode);
    }

    [Fact]
    public async Task Drift_and_fault_change_the_running_sandbox()
    {
        await _checkout.DoAsync("sandbox", "up");
        var drift = await _checkout.DoAsync("sandbox", "drift", "--seed", "1");
        var wrong = await _checkout.RunAsync("sandbox", "fault", """{"operation":"craete","hold":true}""");
        var none = await _checkout.RunAsync("sandbox", "fault");

        Assert.StartsWith("Changed outside Terraform: linode_", drift, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (wrong.ExitCode, none.ExitCode));
        Assert.Contains("There is no operation \"craete\"", wrong.Error, StringComparison.Ordinal);
        Assert.Equal("No fault is active.\n", await _checkout.DoAsync("sandbox", "fault", "--clear"));
    }

    [Fact]
    public async Task Kept_rehearsal_opens_with_the_command_of_its_last_line()
    {
        var output = await _checkout.DoAsync("rehearse", "--stack", "state", "--keep");
        const string Command = "To look into it: ./infra ";
        var words = output.Trim().Split('\n')[^1];
        Assert.StartsWith($"{Command}sandbox shell --directory {_checkout.Temporary}/", words, StringComparison.Ordinal);
        string[] shell = words[Command.Length..].Split(' ');
        var kept = shell[^1];

        // Its standard input is empty, so the shell ends at once; the sandbox stays.
        Assert.Contains($"You are in the sandbox {kept}: ", await _checkout.DoAsync(shell), StringComparison.Ordinal);
        var versions = await _checkout.DoAsync([
            "sandbox",
            "run",
            "--directory",
            kept,
            "--",
            "dotnet",
            typeof(PlatformApp).Assembly.Location,
            "archive",
            "list",
            "state",
        ]);
        await _checkout.DoAsync("sandbox", "down", "--directory", kept);

        Assert.Contains("succeeded", versions, StringComparison.Ordinal);
        Assert.False(Directory.Exists(kept));
    }

    private async Task<Dictionary<string, string>> EnvironmentAsync() =>
        (await _checkout.ShAsync("env"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    private async Task<Process> StartInSandboxAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(PlatformApp).Assembly.Location, .. arguments])
        {
            WorkingDirectory = _checkout.Path,
        };
        start.Environment.Clear();
        foreach (var (name, value) in await EnvironmentAsync())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
