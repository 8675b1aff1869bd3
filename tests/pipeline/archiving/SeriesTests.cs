using InfraCdktf.Pipeline;
using InfraCdktf.Pipeline.Archiving;
using Xunit.Abstractions;

namespace InfraCdktf.Tests.Pipeline.Archiving;

/// <summary>
/// Applies by the real Terraform on a real gateway: each version that is left goes on and plans clean. Five applies of which three are kept; 35 and 30 with LONG_TESTS=1
/// (what stays of 35 is shown without Terraform in <see cref="PruningTests"/>).
/// </summary>
[Trait("Level", "real")]
public sealed class SeriesTests(ITestOutputHelper log)
{
    private const string Stack = "system";

    [SkippableFact]
    public async Task Every_version_that_is_left_after_many_applies_goes_on_and_plans_clean()
    {
        var (applies, keep) = System.Environment.GetEnvironmentVariable("LONG_TESTS") == "1" ? (35, 30) : (5, 3);
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
        foreach (var entry in entries)
            await RequireCleanAsync(workspace, archiver.Archive, entry);
        log.WriteLine($"{applies} applies left {entries.Count} versions; each went on and planned clean");
    }

    // The archived configuration against today's state.
    private static async Task RequireCleanAsync(Workspace workspace, Archive archive, ArchiveEntry entry)
    {
        Assert.Empty(await archive.VerifyAsync(entry, CancellationToken.None));
        var output = Path.Combine(workspace.Directory, entry.Version);
        await archive.ExtractAsync(
            entry,
            Directory.CreateDirectory(Path.Combine(output, "stacks", Stack)).FullName,
            CancellationToken.None
        );
        var terraform = workspace.Terraform(StackDirectory.Read(output, Stack), Placeholders.Refused);
        await terraform.InitAsync(CancellationToken.None);
        using (var plan = new SavedPlan())
        {
            await terraform.PlanAsync(new() { File = plan.File }, CancellationToken.None);
            await terraform.ApplyAsync(plan.File, line: null, CancellationToken.None);
        }
        var again = await terraform.PlanAsync(new(), CancellationToken.None);
        Assert.False(again.Differs, again.Text);
    }

    private static System.Text.Json.Nodes.JsonNode Labels(System.Text.Json.Nodes.JsonObject configuration) =>
        configuration["resource"]!["kubernetes_namespace_v1"]!["space"]!["metadata"]!["labels"]!;
}
