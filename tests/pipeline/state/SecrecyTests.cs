using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// The secrets of a state (database passwords, kubeconfig, tokens) are never in clear on a disk, in every end of a run.
/// </summary>
[Trait("Level", "real")]
public sealed class SecrecyTests(ITestOutputHelper log)
{
    private static readonly bool s_long = System.Environment.GetEnvironmentVariable("LONG_TESTS") == "1";

    /// <summary>Commands, and the number of kills of each: a sample, or the whole series with LONG_TESTS=1.</summary>
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
    public async Task Killed_run_leaves_no_secret_on_disk_or_after_next_run(string command, int kills)
    {
        var random = TestRandom.Create();
        await using var origin = await StartAsync(command);
        var whole = await ChangesAsync(command, origin);
        for (var number = 0; number < kills; number++)
        {
            await using var sandbox = await origin.CloneAsync();
            // One kill in each part of the run, so that some kills come when secrets exist.
            var (moment, children) = ((int)(whole * ((number + random.NextDouble()) / kills)), random.Next(2) == 0);
            using (var changes = Changes(sandbox))
            using (var run = ProgramProcess.Start(command, sandbox.Workspace))
            {
                await Task.WhenAny(changes.ReachAsync(moment), run.EndAsync());
                run.Kill(children);
            }
            await WithoutTerraformAsync(sandbox.Workspace);

            var secrets = SecretPlatform.Secrets(sandbox);
            log.WriteLine(
                $"killed after {moment} of {whole} changes of files{(children ? " with Terraform" : "")}: "
                    + $"{ProviderSecrets.Of(sandbox.Sandbox.Account).Count} secrets exist"
            );
            Assert.Empty(secrets.FindInFiles(sandbox.Directory));

            // The next command only reads. It encrypts and removes the leftovers first.
            await sandbox.RunAsync("plan core --skip-synth");
            Assert.Empty(InMemory(sandbox.Workspace));
            Assert.Empty(secrets.FindInFiles(sandbox.Directory));
        }
    }

    [Fact]
    public async Task Unsaved_state_stays_in_memory_until_next_run_encrypts_it()
    {
        await using var sandbox = await StartAsync();
        var hold = sandbox.HoldCreate("linode_firewall");
        using (var run = ProgramProcess.Start("deploy core --yes --skip-synth", sandbox.Workspace))
        {
            await sandbox.ExistsAsync("linode_database_postgresql_v2");
            await sandbox.ExistsAsync("linode_lke_cluster");
            await hold.ReachedAsync(Patience.Token);
            run.Kill(children: false);
        }
        using (sandbox.WithoutBuckets())
        {
            hold.Release();
            await WithoutTerraformAsync(sandbox.Workspace);
        }

        var secrets = SecretPlatform.Secrets(sandbox);
        var left = Assert.Single(InMemory(sandbox.Workspace));
        Assert.NotEmpty(secrets.FindInFiles(left)); // the search finds the secrets
        Assert.Empty(secrets.FindInFiles(sandbox.Directory));

        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("plan core --skip-synth")).Code);

        Assert.Empty(InMemory(sandbox.Workspace));
        Assert.Empty(secrets.FindInFiles(sandbox.Directory));
        using var state = sandbox.Workspace.Errored.OpenRead(Assert.Single(sandbox.Workspace.Errored.Of("core")));
        using var content = new MemoryStream();
        await state.CopyToAsync(content);
        Assert.NotEmpty(secrets.Find("opened", content.ToArray()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Secrets_are_in_no_output_listing_or_unencrypted_object(bool rgw)
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
        await SayAsync("archive list", ExitCode.Done);
        var versions = JsonNode.Parse(await SayAsync("archive list core --json", ExitCode.Done))!["stacks"]![0]![
            "versions"
        ]!.AsArray();
        var (newest, oldest) = (versions[0]!["version"], versions[^1]!["version"]);
        await SayAsync($"archive show core {oldest} --json", ExitCode.Done);
        await SayAsync($"archive diff core {oldest} {newest} --json", ExitCode.Done);

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
        log.WriteLine($"{refused} objects; none opens without its key");
        // Four stacks with a state each; at least five versions of three parts and a record.
        Assert.InRange(refused, 4 + 5 * 4, int.MaxValue);

        async Task<string> SayAsync(string command, int code)
        {
            var (ended, output, error) = await sandbox.RunAsync(command, workspace);
            said.Append(output).Append(error);
            Assert.True(ended == code, $"{command} ended with {ended}:\n{output}{error}");
            return output;
        }

        // Counts the objects. Each must be refused without its key, and its name must contain no secret.
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

    // Every command except deploy finds two versions: one without the firewall, then one with it.
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

    /// <summary>
    /// The number of changes of files in a run without a kill, by the program, Terraform, the store and the providers. Such a run
    /// must leave and show no secret either.
    /// </summary>
    private async Task<int> ChangesAsync(string command, SandboxFixture origin)
    {
        await using var sandbox = await origin.CloneAsync();
        using var changes = Changes(sandbox);
        using var run = ProgramProcess.Start(command, sandbox.Workspace);
        var result = await run.EndAsync();
        var count = changes.Count;
        // A restored state may belong to an older version. Then its plan differs.
        Assert.True(result.ExitCode is ExitCode.Done or ExitCode.Differs, result.Error);
        log.WriteLine($"a whole run makes {count} changes of files");
        Assert.InRange(count, 20, int.MaxValue);
        Assert.Equal(4, ProviderSecrets.Of(sandbox.Sandbox.Account).Count);
        var secrets = SecretPlatform.Secrets(sandbox);
        Assert.Empty(secrets.FindInFiles(sandbox.Directory));
        Assert.Empty(secrets.Find("output", result.Output + result.Error));
        return count;
    }

    private static FileChanges Changes(SandboxFixture sandbox) => new(sandbox.Directory, sandbox.Sandbox.Account.Directory);

    private static IEnumerable<string> InMemory(Workspace workspace) => workspace.Errored.Workplaces("core");

    // Terraform finishes without this program, because it writes to a file and not to a pipe.
    private static async Task WithoutTerraformAsync(Workspace workspace)
    {
        foreach (var journal in workspace.Journals.Of())
            await TerraformProcesses.EndAsync(journal);
    }
}
