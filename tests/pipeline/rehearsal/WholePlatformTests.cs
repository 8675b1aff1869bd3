using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Destroy;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Rehearsal;

/// <summary>The real stacks with the real Terraform. `dotnet run -- rehearse` does the same for the shipped inventory.</summary>
[Trait("Level", "real")]
public sealed class WholePlatformTests(SynthesizedPlatform synthesized, SmallestRehearsal smallest, ITestOutputHelper log)
    : IClassFixture<SmallestRehearsal>
{
    /// <summary>Set to 1 to inject a fault into every create of core instead of a sample (about three minutes more).</summary>
    private const string Long = "LONG_TESTS";

    private const int Sample = 4;

    [Fact]
    public async Task Rehearsal_passes_with_a_fifth_environment()
    {
        var report = await WholeRehearsal.RunAsync(synthesized, Platforms.WithQa, "qa");

        Assert.True(report.Held, report.Failure?.Message);
        Assert.Equal(["state", "core", "system", "qa"], report.Stacks.Select(stack => stack.Name));
    }

    [Fact]
    public void Rehearsal_passes_with_two_environments()
    {
        Assert.True(smallest.Report.Held, smallest.Report.Failure?.Message);
        Assert.Equal(["state", "core", "system", "production"], smallest.Report.Stacks.Select(stack => stack.Name));
    }

    [Fact]
    public void Rehearsal_passes_on_the_standard_tier()
    {
        Assert.Equal(ClusterTier.Standard, smallest.Platform.Tier);
        Assert.True(smallest.Report.Held, smallest.Report.Failure?.Message);
    }

    /// <summary>With LONG_TESTS=1 every stack; the other runs here end with an application environment.</summary>
    [Theory]
    [InlineData("state", false)]
    [InlineData("core", false)]
    [InlineData("system", true)]
    [InlineData("development", true)]
    [InlineData("staging", true)]
    [InlineData("production", true)]
    public async Task Rehearsal_of_one_stack_passes(string stack, bool hasDrill)
    {
        Assert.SkipUnless(
            stack is "core" or "system" || System.Environment.GetEnvironmentVariable(Long) == "1",
            $"One rehearsal per stack: set {Long}=1."
        );
        var report = await WholeRehearsal.RunAsync(synthesized, Inventory.Platform, stack);

        Assert.True(report.Held, report.Failure?.Message);
        Assert.Equal(hasDrill ? stack : null, report.Rollback?.Stack);
        Assert.Equal(hasDrill, report.RollbackSkipped is null);
    }

    [Fact]
    public async Task Rehearsal_names_no_release_after_a_failure()
    {
        var fault = new Fault
        {
            Operation = "create",
            Type = "kubernetes_resource_quota_v1",
            Name = "*",
            Nth = 8, // after the first releases
            Error = "no",
        };
        var report = await WholeRehearsal.RunAsync(synthesized, Inventory.Platform, "development", fault);

        Assert.NotNull(report.Failure);
        Assert.Empty(report.Failure.NotInState);
        Assert.Empty(report.Failure.NotInAccount);
    }

    [Fact]
    public async Task Deploy_of_core_fails_cleanly_at_any_create()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with
        {
            Platform = Inventory.Platform,
            Synthesize = (_, _) => throw new InvalidOperationException("The stacks are synthesized already: --skip-synth."),
        };
        synthesized.CopyTo(Inventory.Platform, workspace.Output);
        using var archiver = StackArchiver.Open(workspace, log.WriteLine);
        var account = sandbox.Sandbox.Account;
        var core = synthesized.Shipped.Stacks[StackNames.Core].Resources;
        var chosen = System.Environment.GetEnvironmentVariable(Long) == "1" ? core : Pick(core);
        foreach (var resource in chosen)
        {
            log.WriteLine(resource.Address);
            account.AddFault(Fault(resource));
            var (code, _, error) = await sandbox.RunAsync("deploy core --yes --skip-synth", workspace);
            account.ClearFaults();

            Assert.Equal(ExitCode.Failed, code);
            Assert.Contains(FaultErrors.AccountLimit, error, StringComparison.Ordinal);
            Assert.Contains($"with {resource.Address},", error, StringComparison.Ordinal);
            var terraform = workspace.Terraform(workspace.Stack(StackNames.Core), Placeholders.Allowed);
            var state = StateFile.FromPull(await terraform.PullStateAsync(CancellationToken.None))!.Objects;
            Assert.Equal(account.Objects.Select(item => item.Key), state.Select(item => item.Key).Order(StringComparer.Ordinal));

            await StackDestruction.RunAsync(workspace, archiver, StackNames.Core);
            Assert.Empty(account.Objects);
        }
    }

    private static Fault Fault(SynthesizedResource resource) =>
        new()
        {
            Operation = "create",
            Type = resource.Type,
            // A lock has no label, and core has only one lock.
            Name = (resource.Body["label"] ?? resource.Body["domain"])?.GetValue<string>(),
            Error = FaultErrors.AccountLimit,
        };

    private static IReadOnlyList<SynthesizedResource> Pick(IReadOnlyList<SynthesizedResource> core)
    {
        var all = core.ToArray();
        TestRandom.Create().Shuffle(all);
        return all[..Sample];
    }
}

/// <summary>
/// One rehearsal for two promises: a platform with two environments, and a platform on LKE's standard tier. The fifth environment
/// and the shipped platform are rehearsed on the enterprise tier.
/// </summary>
public sealed class SmallestRehearsal(SynthesizedPlatform synthesized) : IAsyncLifetime
{
    /// <summary>The inventory.</summary>
    public PlatformSpec Platform { get; } = Platforms.StandardProductionOnly;

    /// <summary>The result.</summary>
    public RehearsalReport Report { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Report = await WholeRehearsal.RunAsync(synthesized, Platform, stack: null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A rehearsal of synthesized stacks.</summary>
internal static class WholeRehearsal
{
    /// <summary>Runs it for a platform, or for one stack and the stacks that it needs.</summary>
    public static async Task<RehearsalReport> RunAsync(
        SynthesizedPlatform synthesized,
        PlatformSpec platform,
        string? stack,
        params Fault[] faults
    )
    {
        using var directory = new TemporaryDirectory();
        return await RehearsalRun.RunAsync(
            new()
            {
                Platform = platform,
                Synthesize = synthesized.CopyTo,
                Directory = directory.Path,
                SearchPath = System.Environment.GetEnvironmentVariable("PATH")!,
                Stack = stack,
                Faults = faults,
                Seed = 1,
            },
            CancellationToken.None
        );
    }
}
