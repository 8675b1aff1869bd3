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
        // The child does not get a signal to its parent. It prints the id of the announced process, then runs until this test
        // closes its input.
        using var host = SandboxProgram.Start(
            "run",
            "--directory",
            _account.Path,
            "--",
            "sh",
            "-c",
            "echo $TF_REATTACH_PROVIDERS; exec cat"
        );
        var reattach = JsonNode.Parse((await host.StandardOutput.ReadLineAsync())!)!.AsObject();
        var decoy = reattach.First().Value!["Pid"]!.GetValue<int>();
        Assert.False(ProcessEnd.Reached(decoy), "the announced process is not running");
        Process.Start("kill", [$"-{signal}", $"{host.Id}"]).WaitForExit();
        await host.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await ProcessEnd.WaitAsync(decoy).WaitAsync(TimeSpan.FromSeconds(20));
    }
}
