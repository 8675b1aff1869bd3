using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cdktf;

/// <summary>Each call of cdktf-cli becomes the step that does the same; every other call is refused.</summary>
[Trait("Level", "real")]
public sealed class TerraformShimTests
{
    [Theory]
    [InlineData("apply -refresh-only", "-refresh-only; allowed from cdktf-cli: -no-color -auto-approve")]
    [InlineData("apply -var=password=x", "-var=password=x; allowed")]
    [InlineData("apply -lock=false", "-lock=false; allowed")]
    [InlineData("plan -input=false -out plan -parallelism=1", "-parallelism=1; allowed")]
    [InlineData("init -migrate-state", "-migrate-state; allowed")]
    [InlineData("force-unlock 1", "allowed from cdktf-cli: init, providers lock")]
    [InlineData("state rm linode_vpc.main", "allowed from cdktf-cli: init, providers lock")]
    public async Task Shim_refuses_what_deploy_does_not_do(string words, string sentence)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        SmallPlatform.Synthesize(sandbox.Platform, sandbox.Workspace.Output);

        var (code, _, error) = await ShimAsync(sandbox, words, "");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Empty(sandbox.Sandbox.Account.Objects);
    }

    [Theory]
    [InlineData("no\n", false)]
    [InlineData("", false)]
    [InlineData("y\n", false)]
    [InlineData("yes\n", true)]
    public async Task Shim_applies_and_destroys_only_after_yes(string answer, bool isDone)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        SmallPlatform.Synthesize(sandbox.Platform, sandbox.Workspace.Output);
        var code = isDone ? ExitCode.Done : ExitCode.Failed;

        var applied = await ShimAsync(sandbox, "apply", answer);
        Assert.True(applied.Code == code, applied.Output + applied.Error);
        Assert.Contains("\nDo you want to perform these actions?\n", applied.Output, StringComparison.Ordinal);
        Assert.Equal(isDone ? 3 : 0, sandbox.Sandbox.Account.Objects.Count);

        await ShimAsync(sandbox, "apply -auto-approve", "");
        var destroyed = await ShimAsync(sandbox, "destroy", answer);
        Assert.True(destroyed.Code == code, destroyed.Output + destroyed.Error);
        Assert.Contains("\nDo you really want to destroy all resources?\n", destroyed.Output, StringComparison.Ordinal);
        Assert.Equal(isDone ? 0 : 3, sandbox.Sandbox.Account.Objects.Count);
    }

    [Fact]
    public async Task Shim_destroys_no_stack_that_others_need()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();

        var (code, _, error) = await ShimAsync(sandbox, "destroy -auto-approve", "");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("system, development depend on core and still have objects.", error, StringComparison.Ordinal);
        Assert.Equal(SmallPlatform.Resources, sandbox.Sandbox.Account.Objects.Count);
    }

    [Theory]
    [InlineData("init", true)]
    [InlineData("init", false)]
    [InlineData("apply -auto-approve", false)]
    public async Task Shim_names_the_key_that_is_wrong_or_missing(string words, bool isWrong)
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        var variable = StateKeys.VariableOf(StackNames.Core);
        var environment = new Dictionary<string, string>(sandbox.Workspace.Environment)
        {
            [variable] = isWrong ? StateKey.Generate().Base64 : "",
            [StateKeys.TerraformVariable] = "",
        };

        var (code, _, error) = await ShimAsync(sandbox, words, "", sandbox.Workspace with { Environment = environment });

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(variable, error, StringComparison.Ordinal);
        Assert.DoesNotContain("BadRequest", error, StringComparison.Ordinal);
    }

    private static Task<(int Code, string Output, string Error)> ShimAsync(
        SandboxFixture sandbox,
        string words,
        string answer,
        Workspace? workspace = null
    )
    {
        var logs = Directory.CreateDirectory(Path.Combine(sandbox.Directory, "logs")).FullName;
        var stack = Path.Combine(sandbox.Workspace.Output, "stacks", "core");
        return sandbox.RunAsync(
            $"terraform-for-cdktf --stack {stack} --log {logs} -- {words}",
            (workspace ?? sandbox.Workspace) with
            {
                Input = new StringReader(answer),
            }
        );
    }
}
