using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;
using Xunit.Abstractions;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>
/// Applies by the real Terraform on a real gateway: each version that is left is gone back to, its state restored, and planned clean. Five applies of which three are kept; 35 and 30 with LONG_TESTS=1
/// (what stays of 35 is shown without Terraform in <see cref="PruningTests"/>).
/// </summary>
[Trait("Level", "real")]
public sealed class SeriesTests(ITestOutputHelper log)
{
    private const string Stack = "system";

    [SkippableFact]
    public async Task Every_version_that_is_left_after_many_applies_restores_and_plans_clean()
    {
        var (applies, keep) = System.Environment.GetEnvironmentVariable("LONG_TESTS") == "1" ? (35, 30) : (5, 3);
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        PlatformSpec platform = sandbox.Platform with { State = sandbox.Platform.State with { Versions = keep } };
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

        // What follows makes versions of its own; none of these may go for it.
        var roomy = sandbox.Workspace with
        {
            Platform = platform with { State = platform.State with { Versions = 10 * applies } },
        };
        // A state alone does not take the account back: the plan says what was done since, and is not called clean.
        Assert.Equal(ExitCode.Differs, (await RestoreAsync(entries[^1].Version)).Code);
        foreach (var version in entries.Select(entry => entry.Version))
        {
            // The account as it was then, by the archived configuration; then the archived state over it.
            var rollback = await sandbox.RunAsync($"rollback {Stack} --to {version} --yes", roomy);
            Assert.True(rollback.Code == ExitCode.Done, rollback.Output + rollback.Error);
            var restore = await RestoreAsync(version);
            Assert.True(restore.Code == ExitCode.Done, restore.Output + restore.Error);
        }
        log.WriteLine(
            $"{applies} applies left {entries.Count} versions; each was gone back to, its state restored, and its plan was empty"
        );

        Task<(int Code, string Output, string Error)> RestoreAsync(string version) =>
            sandbox.RunAsync($"state restore {Stack} {version} --force --reason drill", roomy);
    }

    private static System.Text.Json.Nodes.JsonNode Labels(System.Text.Json.Nodes.JsonObject configuration) =>
        configuration["resource"]!["kubernetes_namespace_v1"]!["space"]!["metadata"]!["labels"]!;
}
