using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Tests.Sandbox.Hosting;

/// <summary>The sandbox as a program: its commands, and the end of its processes for every way of ending.</summary>
[Trait("Level", "real")]
public sealed class ProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("account-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task Sandbox_leaves_no_process_after_a_signal(string signal)
    {
        // The shell does not get a signal to its parent. It prints the id of the announced process.
        using var host = Start("run", "--directory", _directory, "--", "sh", "-c", "echo $TF_REATTACH_PROVIDERS; exec sleep 60");
        var reattach = JsonNode.Parse((await host.StandardOutput.ReadLineAsync())!)!.AsObject();
        var decoy = reattach.First().Value!["Pid"]!.GetValue<int>();
        Assert.True(IsRunning(decoy), "the announced process is not running");
        Process.Start("kill", [$"-{signal}", $"{host.Id}"]).WaitForExit();
        await host.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 100 && IsRunning(decoy); i++)
            await Task.Delay(50);
        Assert.False(IsRunning(decoy), "the announced process is still running after the end of the sandbox");
    }

    [Fact]
    public async Task Run_returns_the_exit_code_or_names_a_missing_program()
    {
        Assert.Equal(3, (await RunAsync("run", "--directory", _directory, "--", "sh", "-c", "exit 3")).Code);
        (await RunAsync("run", "--directory", _directory, "--", "no-such-program"))
            .Expect(127)
            .Says("cannot start \"no-such-program\"");
    }

    [Fact]
    public async Task Commands_accept_faults_and_list_and_change_an_account()
    {
        var work = Directory.CreateTempSubdirectory("terraform-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(work, "main.tf"),
            """
            terraform {
              required_providers {
                linode = { source = "linode/linode" }
              }
            }
            resource "linode_vpc" "v" {
              label  = "core"
              region = "us-ord"
            }
            """
        );
        var fault = $$"""{"operation":"create","error":"{{FaultErrors.AccountLimit}}"}""";
        var script = $"cd {work} && terraform init -no-color >&2 && terraform apply -auto-approve -no-color";
        (await RunAsync("run", "--directory", _directory, "--fault", fault, "--", "sh", "-c", script))
            .Expect(1)
            .Says("Account Limit reached");
        (await RunAsync("run", "--directory", _directory, "--", "sh", "-c", script)).Expect(0);
        (await RunAsync("objects", "--directory", _directory)).Expect(0).Says("\"type\": \"linode_vpc\"");
        (await RunAsync("drift", "--directory", _directory, "--seed", "1")).Expect(0).Says("linode_vpc \"core\"");
        (await RunAsync("run", "--directory", _directory, "--fault", "{", "--", "true")).Expect(1).Says("Give a fault such as");
        Directory.Delete(work, recursive: true);
    }

    [Fact]
    public async Task Commands_report_an_empty_and_a_missing_account()
    {
        (await RunAsync("drift", "--directory", _directory, "--seed", "1"))
            .Expect(1)
            .Says("sandbox drift: The account has no object that can be changed outside Terraform");
        var missing = Path.Combine(_directory, "missing");
        (await RunAsync("objects", "--directory", missing)).Expect(1).Says("Directory does not exist");
        Assert.False(Directory.Exists(missing));
    }

    private static async Task<Ended> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return new Ended(process.ExitCode, text);
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo("dotnet", [typeof(CloudSandbox).Assembly.Location, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    /// <summary>A zombie counts as ended: it only waits until its parent reads its exit code.</summary>
    private static bool IsRunning(int process) =>
        File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].StartsWith('Z');
}
