using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Terraform;

[Trait("Level", "real")]
public sealed class TerraformErrorTests
{
    [Fact]
    public async Task Error_of_a_provider_shows_no_known_secret()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "plan",
                Type = "linode_vpc",
                Error = "the request had the password correct horse",
            }
        );
        // The variable is one of another stack's; the caller's token is known for all.
        var workspace = sandbox.Workspace with
        {
            Environment = new Dictionary<string, string>(sandbox.Workspace.Environment) { ["MY_PASSWORD"] = "correct horse" },
        };

        var (code, output, error) = await sandbox.RunAsync("plan core", workspace);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("the request had the password (sensitive)", error, StringComparison.Ordinal);
        Assert.DoesNotContain("correct horse", output + error, StringComparison.Ordinal);
    }
}
