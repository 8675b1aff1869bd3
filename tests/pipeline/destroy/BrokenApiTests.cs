using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Destroy;

/// <summary><c>destroy</c> looks at aggregated APIs first: no namespace ends while one does not answer.</summary>
[Trait("Level", "real")]
public sealed class BrokenApiTests
{
    private const string Broken = "v1beta1.metrics.k8s.io";

    [Fact]
    public async Task Destroy_is_refused_while_an_aggregated_API_is_broken()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace;
        Assert.Equal(0, (await sandbox.RunAsync("deploy system --yes", workspace)).Code);
        var before = sandbox.Sandbox.Account.Objects.Select(item => item.Key).ToList();
        var kubectl = new Kubectl(workspace);
        // A Service without pods, and the API behind it.
        await kubectl.CreateAsync(
            new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Service",
                ["metadata"] = new JsonObject { ["name"] = "metrics-server", ["namespace"] = "kube-system" },
                ["spec"] = new JsonObject
                {
                    ["selector"] = new JsonObject { ["app"] = "metrics-server" },
                    ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443 }),
                },
            },
            CancellationToken.None
        );
        await kubectl.CreateAsync(Metrics(), CancellationToken.None);

        var refused = await sandbox.RunAsync("destroy system development --yes --confirm infra", workspace);
        var unchanged = sandbox.Sandbox.Account.Objects.Select(item => item.Key).ToList();
        await kubectl.RunAsync(["delete", "apiservice", Broken], CancellationToken.None);
        var done = await sandbox.RunAsync("destroy system development --yes --confirm infra", workspace);

        Golden.Match(refused.Output + refused.Error, "tests", "pipeline", "destroy", "golden", "broken-api.txt");
        Assert.Equal(ExitCode.Failed, refused.Code);
        Assert.Equal(before, unchanged);
        Assert.True(done.Code == 0, done.Error);
    }

    /// <summary>The aggregated API of metrics-server.</summary>
    internal static JsonObject Metrics() =>
        new()
        {
            ["apiVersion"] = "apiregistration.k8s.io/v1",
            ["kind"] = "APIService",
            ["metadata"] = new JsonObject { ["name"] = Broken },
            ["spec"] = new JsonObject
            {
                ["group"] = "metrics.k8s.io",
                ["version"] = "v1beta1",
                ["groupPriorityMinimum"] = 100,
                ["versionPriority"] = 100,
                ["service"] = new JsonObject { ["namespace"] = "kube-system", ["name"] = "metrics-server" },
            },
        };
}
