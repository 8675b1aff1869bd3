using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// A state that Terraform could not save: it is encrypted immediately, never in clear on a disk, and blocks the stack until it is
/// saved.
/// </summary>
[Trait("Level", "real")]
public sealed class ErroredStatesTests
{
    [Fact]
    public async Task Unsaved_state_is_encrypted_and_blocks_the_next_deploy()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var hold = sandbox.HoldCreate("linode_vpc_subnet");
        var deploy = sandbox.RunAsync("deploy core --yes");
        await hold.ReachedAsync(Patience.Token);

        (int Code, string Output, string Error) failed;
        using (sandbox.WithoutBuckets())
        {
            hold.Release();
            failed = await deploy;
        }

        var errored = Assert.Single(sandbox.Workspace.Errored.Of("core"));
        Assert.Equal(1, failed.Code);
        Assert.Contains($" in {errored.File}.", failed.Error, StringComparison.Ordinal);
        Assert.Contains("\"state recover core\"", failed.Error, StringComparison.Ordinal);
        using var content = sandbox.Workspace.Errored.OpenRead(errored);
        var state = JsonNode.Parse(content)!;
        Assert.Equal(3, state["resources"]!.AsArray().Count);
        Assert.Empty(Clear(sandbox.Directory));

        var refused = await sandbox.RunAsync("deploy core --yes");
        Assert.Equal(1, refused.Code);
        Assert.Contains("an apply could not save its state", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_command_encrypts_a_state_left_by_manual_Terraform()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        SmallPlatform.Synthesize(SmallPlatform.Platform, sandbox.Workspace.Output);
        var file = Path.Combine(sandbox.Workspace.Output, "stacks", "core", "errored.tfstate");
        await File.WriteAllTextAsync(file, """{"version":4,"serial":7}""");

        Assert.Equal(0, (await sandbox.RunAsync("plan core --skip-synth")).Code);

        Assert.False(File.Exists(file));
        using var content = sandbox.Workspace.Errored.OpenRead(Assert.Single(sandbox.Workspace.Errored.Of("core")));
        Assert.Equal("""{"version":4,"serial":7}""", await new StreamReader(content).ReadToEndAsync());
    }

    private static IEnumerable<string> Clear(string directory) =>
        Directory.EnumerateFiles(directory, "errored.tfstate*", SearchOption.AllDirectories);
}
