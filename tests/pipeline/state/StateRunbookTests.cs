using System.Text;
using System.Text.Json;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// Each section of docs/runbooks/state.md: the test creates the damage, sees the symptom, runs the section's commands unchanged,
/// and checks that the platform is repaired.
/// </summary>
[Trait("Level", "real")]
public sealed class StateRunbookTests
{
    private const string CutOff = "The state is cut off";
    private const string NotJson = "The state is not JSON";
    private const string Gone = "The state is gone";
    private const string OtherLineage = "The state has another lineage";
    private const string WentBack = "The state went back";
    private const string LockLeft = "A lock is left";
    private const string Killed = "An apply was killed";
    private const string NotSaved = "An apply could not save its state";
    private const string NoArchive = "The archive cannot be reached";
    private const string WrongKey = "The state key is wrong";
    private const string TokenExpired = "The Linode token has expired";

    [Fact]
    [Trait("Level", "pure")]
    public void Runbook_sections_are_all_tested() =>
        Assert.Equal(
            [CutOff, NotJson, Gone, OtherLineage, WentBack, LockLeft, Killed, NotSaved, NoArchive, WrongKey, TokenExpired],
            StateRunbook.Sections().Keys
        );

    [Theory]
    [InlineData(CutOff, ExitCode.Failed)]
    [InlineData(NotJson, ExitCode.Failed)]
    [InlineData(Gone, ExitCode.Done)]
    [InlineData(OtherLineage, ExitCode.Done)]
    [InlineData(WentBack, ExitCode.Done)]
    public async Task Runbook_restores_a_damaged_state(string heading, int planned)
    {
        await using var runbook = await StateRunbook.OpenAsync(heading);
        await runbook.DeployAsync();
        var older = await runbook.ArchivedAsync(back: 1);
        await runbook.RewriteAsync(state =>
            heading switch
            {
                CutOff => state[..(state.Length / 2)],
                NotJson => "<html>Bad gateway</html>"u8.ToArray(),
                Gone => null,
                OtherLineage => NewLineage(),
                _ => older,
            }
        );

        await runbook.ShowsAsync("plan core", planned);
        await runbook.RepairsAsync();
    }

    [Fact]
    public async Task Runbook_releases_the_lock_of_an_ended_run()
    {
        await using var runbook = await StateRunbook.OpenAsync(LockLeft);
        await runbook.DeployAsync();
        using (var buckets = StateBuckets.Open(runbook.Sandbox.Platform, runbook.Sandbox.Workspace.Environment))
        {
            // The lock has Terraform's format; its machine does not exist any more.
            await buckets.Live.PutAsync(
                StateAddress.Of(runbook.Sandbox.Platform, StackNames.Core).LockKey,
                new MemoryStream(
                    Encoding.UTF8.GetBytes(
                        """
                        {"ID":"5c1d9a0e-9c0c-4f0e-8b1e-0d6f2f6a3c11","Operation":"OperationTypeApply","Info":"",
                        "Who":"runner@gone",
                        "Version":"1.11.4","Created":"2026-01-02T03:04:05.6Z","Path":"core/terraform.tfstate"}
                        """
                    )
                ),
                buckets.Keys.Of(StackNames.Core),
                new(),
                CancellationToken.None
            );
        }
        runbook.Sandbox.Sandbox.Account.ChangeOutside(1, item => item.Type == "linode_firewall");

        await runbook.ShowsAsync(
            "deploy core --yes",
            ExitCode.Failed,
            runbook.Sandbox.Workspace with
            {
                LockTimeout = TimeSpan.FromSeconds(1),
            }
        );
        await runbook.RunNextAsync();
        // The lock is released: the deploy can run.
        Assert.Equal(ExitCode.Done, (await runbook.Sandbox.RunAsync("deploy core --yes --skip-synth")).Code);
        await runbook.RepairsAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Runbook_recovers_a_killed_apply(bool made)
    {
        await using var runbook = await StateRunbook.OpenAsync(Killed);
        SmallPlatform.Synthesize(runbook.Sandbox.Platform, runbook.Sandbox.Workspace.Output);
        // A call that is in flight at the kill may have created the object or not.
        var hold = new Hold();
        runbook.Sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_vpc_subnet",
                Hold = hold,
                AfterEffect = made,
            }
        );
        using (var run = ProgramProcess.Start("deploy core --yes --skip-synth", runbook.Sandbox.Workspace))
        {
            await hold.ReachedAsync(Patience.Token);
            await runbook.Sandbox.ExistsAsync("linode_firewall");
            run.Kill(children: true);
        }
        await hold.LeftAsync(Patience.Token);
        var subnet = runbook.Sandbox.Sandbox.Account.Objects.SingleOrDefault(item => item.Type == "linode_vpc_subnet")?.Id;
        Assert.Equal(made, subnet is not null);

        await runbook.ShowsAsync("deploy core --yes", ExitCode.Failed);
        // What exists is taken at once. What does not exist may still be created by a call that was under way at the kill, until
        // two minutes after it: they can have passed on a busy machine.
        var named = await runbook.RunNextAsync(code: made ? ExitCode.Done : null);
        Assert.Contains("linode_vpc_subnet.nodes", named.Output, StringComparison.Ordinal);
        Assert.Equal(named.ExitCode != ExitCode.Done, named.Output.Contains("not found yet", StringComparison.Ordinal));
        runbook.Skip();
        if (named.ExitCode == ExitCode.Done)
            runbook.Skip();
        else
            await runbook.RunNextAsync(new Dictionary<string, string> { ["ADDRESS"] = "linode_vpc_subnet.nodes" });
        await runbook.RepairsAsync();
    }

    [Fact]
    public async Task Runbook_saves_an_unsaved_state_with_a_valid_key()
    {
        await using var runbook = await StateRunbook.OpenAsync(NotSaved);
        var hold = runbook.Sandbox.HoldCreate("linode_vpc_subnet");
        var deploy = runbook.Sandbox.RunAsync("deploy core --yes");
        await hold.ReachedAsync(Patience.Token);
        var key = runbook.Tenant.MakeKey();
        runbook.Tenant.Revoke(runbook.Key);
        hold.Release();
        var failed = await deploy;
        Assert.Equal(ExitCode.Failed, failed.Code);
        Assert.Single(runbook.Sandbox.Workspace.Errored.Of(StackNames.Core));
        var variables = new Dictionary<string, string> { ["NEW_ACCESS_KEY"] = key.AccessKey, ["NEW_SECRET_KEY"] = key.SecretKey };

        await runbook.ShowsAsync("deploy core --yes", ExitCode.Failed, With(runbook, key));
        await runbook.RepairsAsync(variables);

        Assert.Empty(runbook.Sandbox.Workspace.Errored.Of());
    }

    [Fact]
    public async Task Runbook_sends_a_queued_version_when_the_archive_is_back()
    {
        await using var runbook = await StateRunbook.OpenAsync(NoArchive);
        // A stack without a live state is not deployed while the archive cannot be read.
        await runbook.DeployFirstWithoutOutputAsync();
        SmallPlatform.Synthesize(runbook.Sandbox.Platform, runbook.Sandbox.Workspace.Output);
        var nowhere = runbook.Sandbox.Workspace with
        {
            Environment = new Dictionary<string, string>(runbook.Sandbox.Workspace.Environment)
            {
                ["ARCHIVE_ACCESS_KEY_ID"] = "unknown",
                ["ARCHIVE_SECRET_ACCESS_KEY"] = "wrong",
            },
        };

        await runbook.ShowsAsync("deploy core --yes", ExitCode.Done, nowhere);
        var queue = Assert.Single(Directory.EnumerateFiles(runbook.Sandbox.Workspace.QueueDirectory));
        Assert.Equal(StackNames.Core, EncryptedFile.ReadHeader(queue).Stack);
        await runbook.RunNextAsync();
        var listed = await runbook.RunNextAsync();

        Assert.Contains("succeeded", listed.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(runbook.Sandbox.Workspace.QueueDirectory));
        await runbook.RepairsAsync();
    }

    [Fact]
    public async Task Runbook_reads_the_state_with_the_correct_key()
    {
        await using var runbook = await StateRunbook.OpenAsync(WrongKey);
        await runbook.DeployAsync();
        var variable = StateKeys.VariableOf(StackNames.Core);
        var right = runbook.Sandbox.Workspace.Environment[variable];
        var wrong = runbook.Sandbox.Workspace with
        {
            Environment = new Dictionary<string, string>(runbook.Sandbox.Workspace.Environment)
            {
                [variable] = StateKey.Generate().Base64,
            },
        };

        await runbook.ShowsAsync("deploy core --yes", ExitCode.Failed, wrong);
        await runbook.RepairsAsync(
            new Dictionary<string, string> { [variable] = wrong.Environment[variable], ["RIGHT_STATE_KEY"] = right }
        );
    }

    [Fact]
    public async Task Runbook_continues_an_apply_with_a_new_token()
    {
        await using var runbook = await StateRunbook.OpenAsync(TokenExpired);
        SmallPlatform.Synthesize(runbook.Sandbox.Platform, runbook.Sandbox.Workspace.Output);
        runbook.Sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_vpc_subnet",
                Error = FaultErrors.InvalidToken,
            }
        );

        await runbook.ShowsAsync("deploy core --yes", ExitCode.Failed);
        await runbook.RepairsAsync(new Dictionary<string, string> { ["NEW_TOKEN"] = "sandbox" });
    }

    private static Workspace With(StateRunbook runbook, StorageCredentials key) =>
        runbook.Sandbox.Workspace with
        {
            Environment = new Dictionary<string, string>(runbook.Sandbox.Workspace.Environment)
            {
                ["AWS_ACCESS_KEY_ID"] = key.AccessKey,
                ["AWS_SECRET_ACCESS_KEY"] = key.SecretKey,
            },
        };

    // The state of a stack that was created again from nothing.
    private static byte[] NewLineage() =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                version = 4,
                terraform_version = "1.11.4",
                serial = 1,
                lineage = Guid.NewGuid().ToString(),
                outputs = new { },
                resources = Array.Empty<object>(),
                check_results = (object?)null,
            }
        );
}
