using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;
using Xunit.Abstractions;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>What a state holds (database passwords, kubeconfig, tokens) is found in clear on no disk, however a run ends.</summary>
[Trait("Level", "real")]
public sealed class SecrecyTests(ITestOutputHelper log)
{
    private const string SeedVariable = "KILL_SEED";

    private static readonly bool s_long = System.Environment.GetEnvironmentVariable("LONG_TESTS") == "1";

    /// <summary>Commands, and how often each is killed: a sample, and with LONG_TESTS=1 the whole series.</summary>
    public static TheoryData<string, int> Commands =>
        new()
        {
            { "deploy core development --yes --skip-synth", s_long ? 20 : 3 },
            { "plan core --skip-synth", s_long ? 10 : 1 },
            { "rollback core --to last-good --yes", s_long ? 10 : 1 },
            { "state restore core last-good", s_long ? 10 : 1 },
        };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_run_that_is_killed_at_any_moment_leaves_no_secret_on_a_disk_and_nothing_in_memory_after_the_next(
        string command,
        int kills
    )
    {
        var seed = int.TryParse(System.Environment.GetEnvironmentVariable(SeedVariable), out var given)
            ? given
            : System.Random.Shared.Next();
        log.WriteLine($"{SeedVariable}={seed} repeats these moments.");
        var random = new System.Random(seed);
        var whole = await TimeAsync(command);
        for (var number = 0; number < kills; number++)
        {
            await using var sandbox = await StartAsync(command);
            // One in each part of the run, so that some come when there are secrets already.
            var (moment, children) = (whole * ((number + random.NextDouble()) / kills), random.Next(2) == 0);
            using (var run = ProgramProcess.Start(command, sandbox.Workspace))
            {
                await Task.Delay(moment);
                run.Kill(children);
            }
            await WithoutTerraformAsync(sandbox.Workspace);

            var secrets = SecretPlatform.Secrets(sandbox);
            log.WriteLine(
                $"killed after {moment.TotalSeconds:f1} s{(children ? " with Terraform" : "")}: {ProviderSecrets.Of(sandbox.Sandbox.Account).Count} secrets were made"
            );
            Assert.Empty(secrets.FindInFiles(sandbox.Directory));

            // The next command needs no luck: it reads, and tidies up first.
            await sandbox.RunAsync("plan core --skip-synth");
            Assert.Empty(InMemory(sandbox.Workspace));
            Assert.Empty(secrets.FindInFiles(sandbox.Directory));
        }
    }

    [Fact]
    public async Task What_terraform_could_not_save_after_we_were_killed_stays_in_memory_until_the_next_command_seals_it()
    {
        await using var sandbox = await StartAsync();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_firewall",
                DelayMilliseconds = 4000,
            }
        );
        using (var run = ProgramProcess.Start("deploy core --yes --skip-synth", sandbox.Workspace))
        {
            await sandbox.ExistsAsync("linode_database_postgresql_v2");
            await sandbox.ExistsAsync("linode_lke_cluster");
            run.Kill(children: false);
        }
        using (sandbox.WithoutBuckets())
            await WithoutTerraformAsync(sandbox.Workspace);

        var secrets = SecretPlatform.Secrets(sandbox);
        var left = Assert.Single(InMemory(sandbox.Workspace));
        Assert.NotEmpty(secrets.FindInFiles(left)); // the hunt sees what it looks for
        Assert.Empty(secrets.FindInFiles(sandbox.Directory));

        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("plan core --skip-synth")).Code);

        Assert.Empty(InMemory(sandbox.Workspace));
        Assert.Empty(secrets.FindInFiles(sandbox.Directory));
        using var state = sandbox.Workspace.Errored.OpenRead(Assert.Single(sandbox.Workspace.Errored.Of("core")));
        using var content = new MemoryStream();
        await state.CopyToAsync(content);
        Assert.NotEmpty(secrets.Find("opened", content.ToArray()));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_object_without_the_key_no_output_and_no_listing_holds_a_secret(bool rgw)
    {
        await using var sandbox = rgw ? await SandboxFixture.StartOnRgwAsync() : await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Synthesize = SecretPlatform.Synthesize };
        var said = new StringBuilder();
        await SayAsync("deploy --yes --json", ExitCode.Done);
        sandbox.Sandbox.Account.ChangeOutside(1, item => item.Type == "linode_firewall");
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_firewall",
                Error = FaultErrors.AccountLimit,
            }
        );
        await SayAsync("deploy core --yes --json", ExitCode.Failed);
        await SayAsync("deploy core --yes", ExitCode.Done);
        await SayAsync("backup --json", ExitCode.Done);
        await SayAsync("state list", ExitCode.Done);
        var versions = JsonNode.Parse(await SayAsync("state list core --json", ExitCode.Done))!["stacks"]![0]![
            "versions"
        ]!.AsArray();
        var (newest, oldest) = (versions[0]!["version"], versions[^1]!["version"]);
        await SayAsync($"state show core {oldest} --json", ExitCode.Done);
        await SayAsync($"state diff core {oldest} {newest} --json", ExitCode.Done);

        var secrets = SecretPlatform.Secrets(sandbox);
        Assert.Equal(5, ProviderSecrets.Of(sandbox.Sandbox.Account).Count);
        Assert.Empty(secrets.Find("said", said.ToString()));
        Assert.Empty(secrets.FindInFiles(sandbox.Directory));
        if (!rgw)
            Assert.Empty(secrets.FindInFiles(Path.Combine(sandbox.Sandbox.Account.Directory, "buckets")));
        using var buckets = StateBuckets.Open(sandbox.Platform, workspace.Environment);
        var refused =
            await RefusedAsync(buckets.Live, buckets.Live.ListAsync("", CancellationToken.None))
            + await RefusedAsync(buckets.Archive, buckets.Archive.ListVersionsAsync("", CancellationToken.None));
        log.WriteLine($"{refused} objects, none of which opens without its key");
        Assert.InRange(refused, 4 + 5 * 4, int.MaxValue); // a state for each of four stacks; at least five versions of three parts and a record

        async Task<string> SayAsync(string command, int code)
        {
            var (ended, output, error) = await sandbox.RunAsync(command, workspace);
            said.Append(output).Append(error);
            Assert.True(ended == code, $"{command} ended with {ended}:\n{output}{error}");
            return output;
        }

        // How many objects there are, each of which must be refused; what its name says is looked at as well.
        async Task<int> RefusedAsync(Bucket bucket, IAsyncEnumerable<StoredObject> objects)
        {
            var count = 0;
            await foreach (var item in objects)
            {
                Assert.Empty(secrets.Find("name", item.Key));
                if (item.DeleteMarker)
                    continue;
                var failure = await Assert.ThrowsAsync<StorageException>(async () =>
                    (await bucket.GetAsync(item.Key, stateKey: null, item.Version, CancellationToken.None))?.Dispose()
                );
                Assert.Equal(StorageFault.StateKey, failure.Fault);
                count++;
            }
            return count;
        }
    }

    private static async Task<SandboxFixture> StartAsync()
    {
        var sandbox = await SandboxFixture.StartAsync();
        SecretPlatform.Synthesize(sandbox.Platform, sandbox.Workspace.Output);
        return sandbox;
    }

    // All commands but deploy find two versions: one without the firewall, then one with it.
    private static async Task<SandboxFixture> StartAsync(string command)
    {
        var sandbox = await StartAsync();
        if (command.StartsWith("deploy", StringComparison.Ordinal))
            return sandbox;
        var whole = sandbox.Workspace with { Synthesize = SecretPlatform.Synthesize };
        var first = whole with { Synthesize = SecretPlatform.SynthesizeWithoutFirewall };
        foreach (var workspace in new[] { first, whole })
        {
            var (code, _, error) = await sandbox.RunAsync("deploy core --yes", workspace);
            Assert.True(code == ExitCode.Done, error);
        }
        return sandbox;
    }

    /// <summary>How long a run takes on this machine now, when nobody kills it; it leaves and says no secret either.</summary>
    private async Task<TimeSpan> TimeAsync(string command)
    {
        await using var sandbox = await StartAsync(command);
        var clock = Stopwatch.StartNew();
        using var run = ProgramProcess.Start(command, sandbox.Workspace);
        var result = await run.EndAsync();
        clock.Stop();
        // A restored state speaks of a version that may not be today's: then its plan differs.
        Assert.True(result.ExitCode is ExitCode.Done or ExitCode.Differs, result.Error);
        log.WriteLine($"a whole run takes {clock.Elapsed.TotalSeconds:f1} s");
        Assert.Equal(4, ProviderSecrets.Of(sandbox.Sandbox.Account).Count);
        var secrets = SecretPlatform.Secrets(sandbox);
        Assert.Empty(secrets.FindInFiles(sandbox.Directory));
        Assert.Empty(secrets.Find("output", result.Output + result.Error));
        return clock.Elapsed;
    }

    private static IEnumerable<string> InMemory(Workspace workspace) => workspace.Errored.Workplaces("core");

    // Left alone, Terraform ends by itself: it has a file to write to, not our pipe.
    private static async Task WithoutTerraformAsync(Workspace workspace)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (workspace.Journals.Of().Any(journal => journal.InUse))
            await Task.Delay(50, patience.Token);
    }
}
