using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Pipeline.Destroy;

/// <summary>
/// <c>destroy</c> of a namespace that does not end, with the real Terraform and the real kubectl: it names the cause, and the
/// command that it names leads on.
/// </summary>
[Trait("Level", "real")]
public sealed partial class StuckNamespaceTests
{
    [Fact]
    public async Task Destroy_names_a_finalizer_and_the_named_command_helps()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        var kubectl = new Kubectl(sandbox.Workspace);
        await kubectl.CreateAsync(
            new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject
                {
                    ["name"] = "held",
                    ["namespace"] = "development",
                    ["finalizers"] = new JsonArray("example.com/hold"),
                },
            },
            CancellationToken.None
        );
        var said = new SaidLines();
        var destroy = CommandLine.RunAsync(
            ["destroy", "development", "--yes", "--confirm", "infra"],
            () => Hasty(sandbox),
            said,
            said
        );

        var explained = await said.FirstAsync("has finalizers remaining");
        Assert.Contains("example.com/hold in 1 resource instances", explained, StringComparison.Ordinal);
        Assert.False(destroy.IsCompleted);
        var command = Command().Match(explained).Groups[1].Value.Replace("KIND NAME", "configmap held", StringComparison.Ordinal);
        await kubectl.RunAsync([.. command.Split(' ').Select(word => word.Trim('\''))], CancellationToken.None);

        Assert.True(await destroy == ExitCode.Done, said.ToString());
        Assert.DoesNotContain(sandbox.Sandbox.Account.Objects, item => item.Id == "development");
    }

    [Fact]
    public async Task Destroy_names_an_aggregated_API_that_broke_meanwhile()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        var kubectl = new Kubectl(sandbox.Workspace);
        var delete = sandbox.HoldDelete("kubernetes_namespace_v1");
        var said = new SaidLines();
        var destroy = CommandLine.RunAsync(
            ["destroy", "development", "--yes", "--confirm", "infra"],
            () => Hasty(sandbox),
            said,
            said
        );
        // The check before the destroy has passed.
        await delete.ReachedAsync(Patience.Token);
        await kubectl.CreateAsync(BrokenApiTests.Metrics(), CancellationToken.None);
        delete.Release();

        var explained = await said.FirstAsync("namespace development does not end");
        Assert.Contains("stale GroupVersion discovery: metrics.k8s.io/v1beta1", explained, StringComparison.Ordinal);
        Assert.Contains("\"kubectl delete apiservice NAME\"", explained, StringComparison.Ordinal);
        await kubectl.RunAsync(["delete", "apiservice", "v1beta1.metrics.k8s.io"], CancellationToken.None);

        Assert.True(await destroy == ExitCode.Done, said.ToString());
    }

    // Each look at this clock is half a minute after the last one, so the first line of Terraform's wait is late.
    private static Workspace Hasty(SandboxFixture sandbox) =>
        sandbox.Workspace with
        {
            Time = new FakeTimeProvider(DateTimeOffset.UtcNow) { AutoAdvanceAmount = TimeSpan.FromSeconds(30) },
        };

    // ... remove the finalizer with "kubectl patch KIND NAME ... '{"metadata":{"finalizers":null}}'".
    [GeneratedRegex("remove the finalizer with \"kubectl (.*)\"\\.$")]
    private static partial Regex Command();
}
