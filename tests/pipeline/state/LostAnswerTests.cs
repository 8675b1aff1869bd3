using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>An apply fails without a stop: the answer to a create was lost, or the API refused it.</summary>
[Trait("Level", "real")]
public sealed class LostAnswerTests
{
    private const string Firewall = "linode_firewall.nodes";

    [Fact]
    public async Task Object_whose_answer_was_lost_is_recovered()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var failed = await FailAsync(sandbox, FaultErrors.ConnectionReset, isLost: true);
        var made = Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "linode_firewall");

        Assert.Contains(
            $"core: the answer to the create of {Firewall} was lost: it may exist. Run \"state recover core\" before the next "
                + "deploy.",
            failed.Output,
            StringComparison.Ordinal
        );
        var open = Assert.Single(sandbox.Workspace.Journals.Of()).Read();
        Assert.Equal([Firewall], open.InFlight.Select(item => item.Address));
        var later = sandbox.Workspace with { Time = new FakeTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(3)) };
        foreach (var command in new[] { "state recover core --yes", "deploy core --yes", "drift core" })
        {
            var (code, output, error) = await sandbox.RunAsync(command, later);
            Assert.True(code == ExitCode.Done, $"{command} ended with {code}:\n{output}{error}");
        }
        Assert.Equal(made.Id, Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "linode_firewall").Id);
        Assert.Empty(sandbox.Workspace.Journals.Of());
    }

    [Fact]
    public async Task Create_that_the_api_refused_needs_no_recovery()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        await FailAsync(sandbox, FaultErrors.AccountLimit, isLost: false);

        Assert.Empty(sandbox.Workspace.Journals.Of());
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("deploy core --yes")).Code);
    }

    private static async Task<(int Code, string Output, string Error)> FailAsync(
        SandboxFixture sandbox,
        string error,
        bool isLost
    )
    {
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_firewall",
                Error = error,
                AnswerLost = isLost,
            }
        );
        var failed = await sandbox.RunAsync($"deploy {StackNames.Core} --yes");
        Assert.Equal(ExitCode.Failed, failed.Code);
        return failed;
    }
}
