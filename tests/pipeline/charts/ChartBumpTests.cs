using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Charts;

/// <summary>A new version of a chart is applied only when the cluster has its CRDs.</summary>
[Trait("Level", "real")]
public sealed class ChartBumpTests
{
    [Fact]
    public async Task Deploy_of_a_new_chart_version_needs_its_crds()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await DeployAsync("1.0.0"); // a first installation needs nothing
        await DeployAsync("1.0.0");

        var kubectl = new Kubectl(sandbox.Workspace);
        foreach (var crd in await kubectl.ReadManifestsAsync(ChartPlatform.Crd("apples", "v1"), CancellationToken.None))
            await kubectl.CreateAsync(crd, CancellationToken.None); // as Helm does, without a mark
        var unmarked = await sandbox.RunAsync("deploy system --yes", ChartPlatform.At("1.1.0", sandbox));
        Assert.Equal(ExitCode.Failed, unmarked.Code);
        Assert.Contains(
            $"system: {ChartPlatform.Release} goes from stack 1.0.0 to stack 1.1.0, and Helm does not change its CRDs: "
                + "1 of the 1 in the cluster are not those of the new version, for example apples.example.com "
                + "(as the installation left it). Run first:\n"
                + ChartPlatform.Command("1.1.0"),
            unmarked.Error,
            StringComparison.Ordinal
        );
        Assert.Equal("1.0.0", Installed());

        var plan = await sandbox.RunAsync("plan system", ChartPlatform.At("1.1.0", sandbox));
        Assert.Equal(ExitCode.Done, plan.Code);
        Assert.Contains(ChartPlatform.Command("1.1.0"), plan.Output, StringComparison.Ordinal);
        Assert.Contains("deploy refuses this plan", plan.Output, StringComparison.Ordinal);

        await UpgradeCrdsAsync("1.1.0");
        await DeployAsync("1.1.0");
        Assert.Equal("1.1.0", Installed());

        // Back: the newer CRDs stay, nothing is required, and the way forward is open again.
        var back = await DeployAsync("1.0.0");
        Assert.Contains("those of stack 1.1.0 stay. That is right:", back, StringComparison.Ordinal);
        Assert.Equal("1.0.0", Installed());
        await DeployAsync("1.1.0");

        async Task<string> DeployAsync(string version)
        {
            var (code, output, error) = await sandbox.RunAsync("deploy system --yes", ChartPlatform.At(version, sandbox));
            Assert.True(code == ExitCode.Done, output + error);
            return output;
        }

        async Task UpgradeCrdsAsync(string version)
        {
            var (code, output, error) = await sandbox.CrdsAsync(version, ChartPlatform.Crd("apples", "v1"), "--yes");
            Assert.True(code == ExitCode.Done, output + error);
        }

        string? Installed() =>
            (string?)Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "helm_release").Attributes["version"];
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deploy_without_an_answer_about_crds_is_refused(bool answers)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        Assert.Equal(0, (await sandbox.RunAsync("deploy system --yes", ChartPlatform.At("1.0.0", sandbox))).Code);
        var workspace = ChartPlatform.At("1.1.0", sandbox);
        if (!answers)
            workspace = workspace with
            {
                Environment = new Dictionary<string, string>(workspace.Environment) { ["KUBE_CONFIG_PATH"] = "/none" },
            };

        var (code, _, error) = await sandbox.RunAsync("deploy system --yes", workspace);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(
            answers ? "Helm does not change its CRDs: the cluster has none. Run first:" : "The cluster could not be asked",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains(ChartPlatform.Command("1.1.0"), error, StringComparison.Ordinal);
        Assert.Equal(
            "1.0.0",
            (string?)Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "helm_release").Attributes["version"]
        );
    }
}
