using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Pipeline.State;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cdktf;

/// <summary>
/// The real cdktf-cli with this program in front of Terraform: checked, recorded and archived as by <c>deploy</c>.
/// </summary>
[Trait("Level", "real")]
public sealed class CdktfCommandTests(SynthesizedPlatform synthesized, ITestOutputHelper log)
{
    private static readonly bool s_long = System.Environment.GetEnvironmentVariable("LONG_TESTS") == "1";

    /// <summary>On the stacks of the small platform; with LONG_TESTS=1 on the six shipped ones.</summary>
    [Fact]
    public async Task Cdktf_deploys_recovers_compares_and_destroys()
    {
        await using var platform = s_long ? await CdktfPlatform.StartAsync(synthesized) : await CdktfPlatform.StartAsync();
        var (account, output) = (platform.Sandbox.Sandbox.Account, new SynthesizedOutput(platform.Workspace.Output));
        var stacks = string.Join(' ', platform.Stacks);

        // Killed in the middle of core, with everything that it has started.
        var hold = platform.Sandbox.HoldCreate("linode_vpc_subnet");
        using (var killed = platform.Start("deploy state core --auto-approve"))
        {
            await killed.WhileRunsAsync(hold.ReachedAsync(Patience.Token));
            killed.Kill(children: true);
        }
        hold.Release();
        await hold.LeftAsync(Patience.Token);
        // A key whose secret was lost with the kill is replaced on purpose.
        var before = account.Objects.Where(item => item.Type != "linode_object_storage_key").Select(item => item.Id).ToHashSet();
        await new OnCallEngineer(platform.Sandbox, platform.Workspace, StackNames.Core).RepairAsync();

        await DoneAsync(platform, $"deploy {stacks} --auto-approve");

        Assert.Subset(account.Objects.Select(item => item.Id).ToHashSet(), before);
        Assert.Equal(output.Resources.Count(), account.Objects.Count);
        // Nothing is left to apply where the recovery took everything that was made: then its version is the newest.
        foreach (var stack in platform.Stacks)
            Assert.Contains(await OutcomeAsync(platform, stack), (ApplyOutcome[])[ApplyOutcome.Succeeded, ApplyOutcome.Backup]);
        Assert.Equal(ApplyOutcome.Succeeded, await OutcomeAsync(platform, platform.Stacks[^1]));

        Assert.Contains("no changes", (await DoneAsync(platform, "diff core")).Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(platform.Workspace.Output, "stacks", "core", "plan")));

        // The program knows the shipped stacks: of the small platform only the last wave has none that needs it.
        IReadOnlyList<string> destroyed = [.. platform.Stacks.Skip(s_long ? 1 : 3)];
        await DoneAsync(platform, $"destroy {string.Join(' ', destroyed)} --auto-approve");

        Assert.Equal(
            output.Stacks.Where(stack => !destroyed.Contains(stack.Key)).Sum(stack => stack.Value.Resources.Count),
            account.Objects.Count
        );
        foreach (var stack in destroyed)
            Assert.Equal(ApplyOutcome.Destroyed, await OutcomeAsync(platform, stack));
    }

    [Fact]
    public async Task Stopped_cdktf_waits_until_Terraform_has_saved_its_state()
    {
        await using var platform = await CdktfPlatform.StartAsync();
        var hold = platform.Sandbox.HoldCreate("linode_vpc_subnet");
        using var run = platform.Start("deploy core --auto-approve");
        await run.WhileRunsAsync(hold.ReachedAsync(Patience.Token));

        run.Signal("TERM");
        await run.SaidAsync("cdktf-cli has ended. core: waiting for Terraform");
        hold.Release();
        var result = await run.EndAsync();

        log.WriteLine(result.Output + result.Error);
        Assert.True(result.ExitCode is ExitCode.Stopped or 143, $"{result}");
        Assert.Contains("stack core: terraform apply was interrupted", result.Output, StringComparison.Ordinal);
        Assert.Equal(ApplyOutcome.Failed, await OutcomeAsync(platform, StackNames.Core));
        using var buckets = StateBuckets.Open(platform.Sandbox.Platform, platform.Workspace.Environment);
        Assert.Null(await StateLock.Of(buckets, platform.Sandbox.Platform, StackNames.Core).ReadAsync(default));
    }

    [Theory]
    [InlineData("destroy core", "system, development depend on core; name them too")]
    [InlineData("destroy state", "destroy: given state; allowed: any other stack")]
    [InlineData("deploy kore", "STACK: given kore; allowed: state, core, system, development")]
    [InlineData("diff core system", "cdktf diff: given core system; allowed: one stack")]
    public async Task Wrong_stacks_are_refused_before_cdktf_starts(string arguments, string sentence)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var (code, _, error) = await sandbox.RunAsync($"cdktf {arguments}");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cdktf_synth_writes_the_same_bytes()
    {
        await using var platform = await CdktfPlatform.StartAsync();

        using var run = ProgramProcess.Start("cdktf synth", platform.Workspace);
        var result = await run.EndAsync();

        Assert.True(result.ExitCode == ExitCode.Done, $"{result}");
        var (shipped, output) = (synthesized.Shipped.Stacks, new SynthesizedOutput(platform.Workspace.Output).Stacks);
        Assert.Equal(
            shipped.ToDictionary(one => one.Key, one => one.Value.Text),
            output.ToDictionary(one => one.Key, one => one.Value.Text)
        );
    }

    [Fact]
    public async Task Missing_cdktf_is_named_with_the_command_that_installs_it()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var (code, _, error) = await sandbox.RunAsync("cdktf synth");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("cdktf does not exist. Run \"npm ci\" in ", error, StringComparison.Ordinal);
    }

    private async Task<ChildResult> DoneAsync(CdktfPlatform platform, string arguments)
    {
        var result = await platform.RunAsync(arguments);
        log.WriteLine($"cdktf {arguments}\n{result.Output}{result.Error}");
        Assert.True(result.ExitCode == ExitCode.Done, $"cdktf {arguments} ended with {result.ExitCode}");
        return result;
    }

    // Of the newest version.
    private static async Task<ApplyOutcome> OutcomeAsync(CdktfPlatform platform, string stack)
    {
        using var buckets = StateBuckets.Open(platform.Sandbox.Platform, platform.Workspace.Environment);
        return (await StateArchive.Of(platform.Workspace, buckets).ListAsync(stack, default))[0].Manifest.Outcome;
    }
}
