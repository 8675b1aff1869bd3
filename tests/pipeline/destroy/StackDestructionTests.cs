using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Destroy;

/// <summary>destroy runs Terraform only for stacks that were applied.</summary>
[Trait("Level", "real")]
public sealed class StackDestructionTests
{
    private const string Application = "development";

    [Fact]
    public async Task Destroy_needs_no_provider_of_a_stack_without_state()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("deploy core system --yes")).Code);
        var calls = new List<string>();
        var workspace = sandbox.Workspace with
        {
            Synthesize = (platform, output) =>
                SmallPlatform.Synthesize(
                    platform,
                    output,
                    (stack, configuration) =>
                    {
                        if (stack == Application)
                            configuration["terraform"]!["required_providers"]!["missing"] = new System.Text.Json.Nodes.JsonObject
                            {
                                ["source"] = "example.com/no/provider",
                            };
                    }
                ),
            Called = call => calls.Add(call.Stack),
        };

        var (code, output, error) = await sandbox.RunAsync("destroy --yes --confirm infra", workspace);

        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("development: it has no state, so there is nothing to destroy.", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Application, calls);
        Assert.Empty(sandbox.Sandbox.Account.Objects);
    }

    [Fact]
    public async Task Destroy_refuses_a_killed_first_apply_without_state()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var journal = sandbox.Workspace.Journals.Begin(StackNames.Core);

        var (code, _, error) = await sandbox.RunAsync("destroy --yes --confirm infra");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("Run \"state recover core\" first", error, StringComparison.Ordinal);
        Assert.True(File.Exists(journal.File));
    }
}
