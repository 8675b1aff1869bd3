using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Charts;

/// <summary>The CRDs of a chart are checked, shown and applied with the real kubectl.</summary>
[Trait("Level", "real")]
public sealed class ChartsCrdsTests
{
    [Fact]
    public async Task Crds_are_shown_first_and_applied_with_a_mark()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var input = ChartPlatform.Crd("apples", "v1alpha1") + ChartPlatform.Crd("pears", "v1");

        var shown = await sandbox.CrdsAsync("1.0.0", input);
        Assert.Equal((ExitCode.Done, ""), (shown.Code, shown.Error));
        Assert.Contains(
            "create  apples.example.com  v1alpha1\ncreate  pears.example.com  v1\n",
            shown.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"Nothing was changed. To apply them:\n{ChartPlatform.Command("1.0.0")}\n",
            shown.Output,
            StringComparison.Ordinal
        );
        Assert.Empty(await sandbox.CrdsInClusterAsync());

        var applied = await sandbox.CrdsAsync("1.0.0", input, "--yes");
        Assert.Equal((ExitCode.Done, ""), (applied.Code, applied.Error));
        Assert.Equal(["stack 1.0.0 v1alpha1", "stack 1.0.0 v1"], await MarksAsync(sandbox));

        var next = ChartPlatform.Crd("apples", "v1alpha1", "v1");
        var upgraded = await sandbox.CrdsAsync("1.1.0", next, "--yes");
        Assert.Equal((ExitCode.Done, ""), (upgraded.Code, upgraded.Error));
        Assert.Contains("update  apples.example.com  v1alpha1, v1; added: v1\n", upgraded.Output, StringComparison.Ordinal);
        // A kind that the chart does not have any more stays with its objects.
        Assert.Contains("keep    pears.example.com  not in stack 1.1.0", upgraded.Output, StringComparison.Ordinal);
        Assert.Equal(["stack 1.1.0 v1alpha1,v1", "stack 1.1.0 v1"], await MarksAsync(sandbox));
    }

    [Fact]
    public async Task Refusal_lists_every_problem_and_changes_nothing()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        Assert.Equal(0, (await sandbox.CrdsAsync("1.0.0", ChartPlatform.Crd("apples", "v1alpha1"), "--yes")).Code);
        var before = await sandbox.CrdsInClusterAsync();

        var refused = await sandbox.CrdsAsync(
            "1.1.0",
            ChartPlatform.Crd("apples", "v1")
                + ChartPlatform.Crd("pears", "v1")
                + ChartPlatform.Crd("pears", "v1")
                + ChartPlatform.Of("other.org", "plums", "v1")
                + "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: extra}}\n",
            "--yes"
        );

        Assert.Equal(ExitCode.Failed, refused.Code);
        foreach (
            var problem in new[]
            {
                "- ConfigMap extra: given v1, kind ConfigMap; allowed: CustomResourceDefinitions of apiextensions.k8s.io/v1.",
                "- plums.other.org: given the API group other.org; allowed: example.com.",
                "- pears.example.com: given more than once.",
                "- apples.example.com: has no version v1alpha1, in which the cluster may have stored objects",
                ChartPlatform.Command("1.1.0"),
            }
        )
            Assert.Contains(problem, refused.Error, StringComparison.Ordinal);
        Assert.Equal(Text(before), Text(await sandbox.CrdsInClusterAsync()));
    }

    [Fact]
    public async Task Crds_older_than_those_of_the_cluster_are_refused()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        Assert.Equal(0, (await sandbox.CrdsAsync("1.10.0", ChartPlatform.Crd("apples", "v1"), "--yes")).Code);

        var refused = await sandbox.CrdsAsync("1.9.0", ChartPlatform.Crd("apples", "v1"), "--yes");

        Assert.Equal(ExitCode.Failed, refused.Code);
        Assert.Contains(
            "apples.example.com: the cluster has that of stack 1.10.0, which is newer. Newer CRDs stay.",
            refused.Error,
            StringComparison.Ordinal
        );
    }

    /// <summary>The API server checks all CRDs before the first one is stored.</summary>
    [Fact]
    public async Task Crd_that_the_api_server_refuses_stops_all_others()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var wrong = ChartPlatform.Crd("pears", "v1", "v2").Replace("storage: false", "storage: true", StringComparison.Ordinal);

        var refused = await sandbox.CrdsAsync("1.0.0", ChartPlatform.Crd("apples", "v1") + wrong, "--yes");

        Assert.Equal(ExitCode.Failed, refused.Code);
        Assert.Contains("must have exactly one version marked as storage version", refused.Error, StringComparison.Ordinal);
        Assert.Empty(await sandbox.CrdsInClusterAsync());
    }

    [Theory]
    [InlineData(null, ExitCode.Usage)]
    [InlineData("", ExitCode.Usage)]
    [InlineData("\n  \n", ExitCode.Usage)]
    [InlineData("Error: chart not found", ExitCode.Failed)]
    [InlineData("---\n# nothing\n", ExitCode.Failed)]
    public async Task Error_about_the_input_has_the_whole_command(string? input, int code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var refused = await sandbox.CrdsAsync("1.0.0", input, "--yes");

        Assert.Equal(code, refused.Code);
        Assert.Contains(ChartPlatform.Command("1.0.0"), refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_release_is_refused_with_those_that_have_crds()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var refused = await sandbox.RunAsync("charts crds web", ChartPlatform.At("1.0.0", sandbox));

        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Contains("NAME: given web; allowed: monitoring.", refused.Error, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> MarksAsync(SandboxFixture sandbox) =>
        [
            .. (await sandbox.CrdsInClusterAsync()).Select(crd =>
            {
                var annotations = crd["metadata"]!["annotations"]!;
                Assert.Equal("0.17", (string?)annotations["generator"]);
                return $"{annotations["infra-cdktf/crds-of-chart"]} {string.Join(',', Stored(crd))}";
            }),
        ];

    private static IEnumerable<string?> Stored(JsonObject crd) =>
        crd["status"]!["storedVersions"]!.AsArray().Select(version => (string?)version);

    private static string Text(IEnumerable<JsonObject> objects) => string.Join('\n', objects.Select(item => item.ToJsonString()));
}
