using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>
/// Applies by the real Terraform on a real gateway. For each kept version the test rolls back, restores the state and requires an
/// empty plan. Five applies with three kept versions; 35 and 30 with LONG_TESTS=1 (<see cref="PruningTests"/> shows the retention
/// of 35 without Terraform).
/// </summary>
[Trait("Level", "real")]
public sealed class SeriesTests(ITestOutputHelper log)
{
    private const string Stack = "system";

    [Fact]
    public async Task Every_kept_version_can_be_restored_with_an_empty_plan()
    {
        var (applies, keep) = System.Environment.GetEnvironmentVariable("LONG_TESTS") == "1" ? (35, 30) : (4, 2);
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        var platform = sandbox.Platform with { State = sandbox.Platform.State with { Versions = keep } };
        var workspace = sandbox.Workspace with { Platform = platform };
        for (var number = 1; number <= applies; number++)
        {
            SmallPlatform.Synthesize(
                platform,
                workspace.Output,
                (stack, configuration) =>
                {
                    if (stack == Stack)
                        Labels(configuration)["round"] = $"{number}";
                }
            );
            var deploy = await sandbox.RunAsync($"deploy {Stack} --yes --skip-synth", workspace);
            Assert.True(deploy.Code == ExitCode.Done, deploy.Error);
        }

        using var archiver = StackArchiver.Open(workspace, log.WriteLine);
        var entries = await archiver.Archive.ListAsync(Stack, CancellationToken.None);
        Assert.Equal(keep, entries.Count);
        Assert.All(entries, entry => Assert.True(entry.Manifest.IsGood));
        Assert.All(entries, entry => Assert.Equal(64, entry.Manifest.PlanDigest!.Length));

        // The steps below create versions too. The higher count prevents the removal of the versions under test.
        var larger = sandbox.Workspace with
        {
            Platform = platform with { State = platform.State with { Versions = 10 * applies } },
        };
        // A restored state does not change the account. The plan shows the later changes, so it is not empty.
        Assert.Equal(ExitCode.Differs, (await RestoreAsync(entries[^1].Version)).Code);
        foreach (var version in entries.Select(entry => entry.Version))
        {
            // The archived configuration restores the account of that time. Then the archived state is written over it.
            var rollback = await sandbox.RunAsync($"rollback {Stack} --to {version} --yes", larger);
            Assert.True(rollback.Code == ExitCode.Done, rollback.Output + rollback.Error);
            var restore = await RestoreAsync(version);
            Assert.True(restore.Code == ExitCode.Done, restore.Output + restore.Error);
        }
        log.WriteLine(
            $"{applies} applies left {entries.Count} versions; each was rolled back to, its state was restored, and its plan "
                + "was empty"
        );

        Task<(int Code, string Output, string Error)> RestoreAsync(string version) =>
            sandbox.RunAsync($"state restore {Stack} {version} --force --reason drill", larger);
    }

    private static System.Text.Json.Nodes.JsonNode Labels(System.Text.Json.Nodes.JsonObject configuration) =>
        configuration["resource"]!["kubernetes_namespace_v1"]!["space"]!["metadata"]!["labels"]!;
}
