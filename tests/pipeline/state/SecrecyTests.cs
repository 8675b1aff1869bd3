using System.Diagnostics;
using InfraCdktf.Pipeline;
using InfraCdktf.Tests.Support;
using Xunit.Abstractions;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>What a state holds (database passwords, kubeconfig, tokens) is found in clear on no disk, however a run ends.</summary>
[Trait("Level", "real")]
public sealed class SecrecyTests(ITestOutputHelper log)
{
    private const string SeedVariable = "KILL_SEED";

    // All of them with LONG_TESTS=1; a sample in every run.
    private static readonly int s_kills = System.Environment.GetEnvironmentVariable("LONG_TESTS") == "1" ? 20 : 3;

    [Fact]
    public async Task A_run_that_is_killed_at_any_moment_leaves_no_secret_on_a_disk_and_nothing_in_memory_after_the_next()
    {
        var seed = int.TryParse(System.Environment.GetEnvironmentVariable(SeedVariable), out var given)
            ? given
            : System.Random.Shared.Next();
        log.WriteLine($"{SeedVariable}={seed} repeats these moments.");
        var random = new System.Random(seed);
        var whole = await TimeAsync();
        for (var number = 0; number < s_kills; number++)
        {
            await using var sandbox = await StartAsync();
            // One in each part of the run, so that some come when there are secrets already.
            var (moment, children) = (whole * ((number + random.NextDouble()) / s_kills), random.Next(2) == 0);
            using (var run = ProgramProcess.Start("deploy core development --yes --skip-synth", sandbox.Workspace))
            {
                await Task.Delay(moment);
                run.Kill(children);
            }
            await WithoutTerraformAsync(sandbox.Workspace);

            var secrets = SecretPlatform.Secrets(sandbox);
            log.WriteLine(
                $"killed after {moment.TotalSeconds:f1} s{(children ? " with Terraform" : "")}: {SecretPlatform.Made(sandbox).Count} secrets were made"
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

    private static async Task<SandboxFixture> StartAsync()
    {
        var sandbox = await SandboxFixture.StartAsync();
        SecretPlatform.Synthesize(sandbox.Platform, sandbox.Workspace.Output);
        return sandbox;
    }

    /// <summary>How long a run takes on this machine now.</summary>
    private async Task<TimeSpan> TimeAsync()
    {
        await using var sandbox = await StartAsync();
        var clock = Stopwatch.StartNew();
        using var run = ProgramProcess.Start("deploy core development --yes --skip-synth", sandbox.Workspace);
        var result = await run.EndAsync();
        Assert.True(result.ExitCode == ExitCode.Done, result.Error);
        var secrets = SecretPlatform.Secrets(sandbox);
        log.WriteLine(
            $"a whole run takes {clock.Elapsed.TotalSeconds:f1} s and makes {SecretPlatform.Made(sandbox).Count} secrets"
        );
        Assert.Equal(4, SecretPlatform.Made(sandbox).Count);
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
