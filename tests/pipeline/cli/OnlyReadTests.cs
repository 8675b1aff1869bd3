using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>
/// Commands that only read do not change the synthesized stacks: somebody may be about to apply them with <c>--skip-synth</c>.
/// </summary>
[Trait("Level", "real")]
public sealed class OnlyReadTests
{
    private static readonly string[] s_commands =
    [
        "validate --explain system/a system/b:80",
        "plan",
        "drift",
        "access list",
        "backup",
        "archive list",
        "archive show core last-good",
        "archive diff core last-good last-good",
        "archive prune",
    ];

    [Fact]
    public async Task Commands_that_only_read_leave_the_output_alone()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        var applied = sandbox.Workspace.Output;
        // A change that is reviewed and not applied yet: a synthesis would remove it.
        foreach (var file in Directory.EnumerateFiles(applied, StackDirectory.FileName, SearchOption.AllDirectories).ToList())
            await File.AppendAllTextAsync(file, "\n");
        var before = Content(applied);

        foreach (var command in s_commands)
        {
            var (code, output, error) = await sandbox.RunAsync(command);

            Assert.True(code == ExitCode.Done, $"{command}: {output}{error}");
            Assert.Equal(before, Content(applied));
        }
        // It exits with 1, because the stacks of this sandbox share a key.
        Assert.Equal(ExitCode.Failed, (await sandbox.RunAsync("state doctor")).Code);
        Assert.Equal(before, Content(applied));
    }

    [Fact]
    public async Task Plan_reads_with_the_provider_versions_of_an_apply()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("synth")).Code);
        var applied = Path.Combine(sandbox.Workspace.Stack("state").Path, ".terraform.lock.hcl");
        await File.WriteAllTextAsync(applied, "# of the last apply");

        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("plan state")).Code);

        var read = sandbox.Workspace.ForReading(skipSynth: false).Stack("state").Path;
        Assert.StartsWith(sandbox.Directory, read, StringComparison.Ordinal);
        Assert.Equal("# of the last apply", await File.ReadAllTextAsync(Path.Combine(read, ".terraform.lock.hcl")));
    }

    private static string Content(string directory) =>
        string.Join(
            '\n',
            Directory
                .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O}\n{File.ReadAllText(file)}")
        );
}
