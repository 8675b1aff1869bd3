using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Deploy;

/// <summary>plan, deploy and destroy with the real Terraform in a sandbox.</summary>
[Trait("Level", "real")]
public sealed class DeployCommandTests
{
    [Fact]
    public async Task Platform_is_planned_deployed_and_destroyed()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        // A clean checkout without secrets.
        var clean = sandbox.Workspace with
        {
            Environment = Without(sandbox.Workspace.Environment, "TF_VAR_password"),
        };
        var plan = await sandbox.RunAsync("plan --json", clean);
        Assert.Equal(0, plan.Code);
        Assert.Equal([2, 3, 1, 3], Numbers(plan.Output, "add"));
        Assert.Empty(sandbox.Sandbox.Account.Objects);

        // A placeholder is never applied: core has no outputs yet, and the secret is not set.
        var early = await sandbox.RunAsync("deploy development --yes", clean);
        Assert.Equal(1, early.Code);
        Assert.Contains("run \"deploy core\" here first", early.Error, StringComparison.Ordinal);
        Assert.Contains("set TF_VAR_password", early.Error, StringComparison.Ordinal);

        var deploy = await sandbox.RunAsync("deploy --yes --json");
        Assert.Equal((0, true), (deploy.Code, Numbers(deploy.Output, "add").SequenceEqual([2, 3, 1, 3])));
        Assert.Equal(SmallPlatform.Resources, sandbox.Sandbox.Account.Objects.Count);
        Assert.Contains("linode_vpc.main: Creation complete", deploy.Error, StringComparison.Ordinal);

        // The outputs of core reach the other stacks, as text and as list; sensitive outputs do not.
        Assert.Equal(
            """{"network":"infra-core","subnets":["nodes"]}""",
            JsonNode.Parse(File.ReadAllText(sandbox.Workspace.Outputs.FullPath))!.ToJsonString()
        );
        var network = sandbox.Sandbox.Account.Objects.Single(item => item.Type == "kubernetes_config_map_v1").Attributes["data"]!;
        Assert.Equal("""{"network":"infra-core","subnets":"nodes"}""", network.ToJsonString());

        var again = await sandbox.RunAsync("deploy --yes --json");
        Assert.All(
            JsonNode.Parse(again.Output)!["stacks"]!.AsArray(),
            stack => Assert.False(stack!["applied"]!.GetValue<bool>())
        );

        var destroy = await sandbox.RunAsync("destroy --yes --confirm infra");
        Assert.Equal((0, ""), (destroy.Code, destroy.Error));
        Assert.Equal(
            ["linode_object_storage_bucket", "linode_object_storage_key"],
            sandbox.Sandbox.Account.Objects.Select(item => item.Type).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Deploy_shows_the_terraform_error_with_stack_and_command()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_firewall",
                Error = FaultErrors.AccountLimit,
            }
        );

        var (code, _, error) = await sandbox.RunAsync("deploy core --yes");

        Assert.Equal(1, code);
        Assert.StartsWith("stack core: terraform apply failed:\n", error, StringComparison.Ordinal);
        Assert.Contains("[400] Account Limit reached. Please open a support ticket.", error, StringComparison.Ordinal);
        Assert.Contains("with linode_firewall.nodes,", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_deploy_says_how_far_it_came()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_firewall",
                Error = FaultErrors.AccountLimit,
                Times = 2,
            }
        );

        var file = Path.Combine(sandbox.Directory, "result.json");
        var all = await sandbox.RunAsync($"deploy --yes --json {file}");
        var result = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        var one = await sandbox.RunAsync("deploy core --yes");

        Assert.Equal(ExitCode.Failed, all.Code);
        Assert.EndsWith("Done: state. Not done: core. Not begun: system, development.\n", all.Output, StringComparison.Ordinal);
        Assert.Contains(FaultErrors.AccountLimit, (string)result["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal("state", (string)Assert.Single(result["partial"]!["stacks"]!.AsArray())!["name"]!);
        Assert.Equal("core", (string)Assert.Single(result["partial"]!["notDone"]!.AsArray())!);
        Assert.DoesNotContain("Not begun", one.Output, StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, string> Without(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.Where(variable => variable.Key != name).ToDictionary();

    private static IEnumerable<int> Numbers(string json, string name) =>
        JsonNode.Parse(json)!["stacks"]!.AsArray().Select(stack => stack![name]!.GetValue<int>());
}
