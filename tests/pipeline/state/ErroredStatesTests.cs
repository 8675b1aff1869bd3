using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>A state that Terraform could not save: sealed at once, never in clear on a disk, and nothing goes on before it is where it belongs.</summary>
[Trait("Level", "real")]
public sealed class ErroredStatesTests
{
    [Fact]
    public async Task A_state_that_cannot_be_saved_is_sealed_and_the_next_deploy_waits_for_it()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_firewall",
                DelayMilliseconds = 3000,
            }
        );
        var deploy = sandbox.RunAsync("deploy core --yes");
        await sandbox.ExistsAsync("linode_vpc");

        (int Code, string Output, string Error) failed;
        using (sandbox.WithoutBuckets())
            failed = await deploy;

        var errored = Assert.Single(sandbox.Workspace.Errored.Of("core"));
        Assert.Equal(1, failed.Code);
        Assert.Contains($"sealed in {errored.File}. \"state recover core\" puts it", failed.Error, StringComparison.Ordinal);
        using var content = sandbox.Workspace.Errored.OpenRead(errored);
        var state = JsonNode.Parse(content)!;
        Assert.Equal(3, state["resources"]!.AsArray().Count);
        Assert.Empty(Clear(sandbox.Directory));

        var refused = await sandbox.RunAsync("deploy core --yes");
        Assert.Equal(1, refused.Code);
        Assert.Contains("an apply could not save its state", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_terraform_left_beside_the_configuration_when_run_by_hand_is_sealed_by_the_next_command()
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
