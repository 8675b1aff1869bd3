using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Hosting;

/// <summary>The process that Terraform gets as the process of the providers: it ends with the sandbox.</summary>
[Trait("Level", "real")]
public sealed class DecoyTests : IDisposable
{
    private readonly TemporaryDirectory _account = new();

    public void Dispose() => _account.Dispose();

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task Sandbox_leaves_no_process_after_a_signal(string signal)
    {
        // The shell does not get a signal to its parent. It prints the id of the announced process.
        using var host = SandboxProgram.Start(
            "run",
            "--directory",
            _account.Path,
            "--",
            "sh",
            "-c",
            "echo $TF_REATTACH_PROVIDERS; exec sleep 60"
        );
        var reattach = JsonNode.Parse((await host.StandardOutput.ReadLineAsync())!)!.AsObject();
        var decoy = reattach.First().Value!["Pid"]!.GetValue<int>();
        Assert.True(IsRunning(decoy), "the announced process is not running");
        Process.Start("kill", [$"-{signal}", $"{host.Id}"]).WaitForExit();
        await host.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 100 && IsRunning(decoy); i++)
            await Task.Delay(50);
        Assert.False(IsRunning(decoy), "the announced process is still running after the end of the sandbox");
    }

    /// <summary>A zombie counts as ended: it only waits until its parent reads its exit code.</summary>
    private static bool IsRunning(int process) =>
        File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].StartsWith('Z');
}
