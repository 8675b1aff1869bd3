using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Drift;

/// <summary>drift: the exit codes and the report, with the real Terraform in a sandbox.</summary>
[Trait("Level", "real")]
public sealed class DriftCommandTests
{
    [Fact]
    public async Task Drift_exits_2_with_the_changed_object_until_repaired()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        // The comparison needs no secret.
        var clean = sandbox.Workspace with
        {
            Environment = sandbox.Workspace.Environment.Where(variable => variable.Key != "TF_VAR_password").ToDictionary(),
        };

        var same = await sandbox.RunAsync("drift --json", clean);
        Assert.Equal((0, ""), (same.Code, Drifted(same.Output)));

        sandbox.Sandbox.Account.ChangeOutside(1, item => item.Type == "linode_firewall");
        var before = Objects(sandbox);
        var different = await sandbox.RunAsync("drift --json", clean);
        Assert.Equal((2, "core"), (different.Code, Drifted(different.Output)));
        var core = Stacks(different.Output).Single(stack => stack["name"]!.GetValue<string>() == "core");
        var change = Assert.Single(core["changes"]!.AsArray())!;
        Assert.Equal("linode_firewall.nodes", change["address"]!.GetValue<string>());
        Assert.Contains("linode_firewall.nodes", different.Error, StringComparison.Ordinal);
        // Drift changes nothing, and a stack without a difference has exit code 0.
        Assert.Equal(before, Objects(sandbox));
        Assert.Equal(0, (await sandbox.RunAsync("drift system", clean)).Code);

        Assert.Equal(0, (await sandbox.RunAsync("deploy core --yes")).Code);
        Assert.Equal(0, (await sandbox.RunAsync("drift core")).Code);
    }

    [Fact]
    public async Task Drift_without_a_state_keeps_the_outputs_of_core()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var outputs = sandbox.Workspace.Outputs;
        outputs.Write(new Dictionary<string, JsonNode?> { ["network"] = "copied" });
        var before = await File.ReadAllTextAsync(outputs.FullPath);

        Assert.Equal(ExitCode.Differs, (await sandbox.RunAsync("drift core")).Code);

        Assert.Equal(before, await File.ReadAllTextAsync(outputs.FullPath));
    }

    [Fact]
    public async Task Drift_exits_1_if_an_object_cannot_be_read()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "read",
                Type = "linode_vpc",
                Error = FaultErrors.Unavailable,
            }
        );

        var (code, _, error) = await sandbox.RunAsync("drift core");

        Assert.Equal(1, code);
        Assert.StartsWith("stack core: terraform plan failed:\n", error, StringComparison.Ordinal);
    }

    private static string Objects(SandboxFixture sandbox) =>
        string.Join('\n', sandbox.Sandbox.Account.Objects.Select(item => $"{item.Key} {item.Attributes.ToJsonString()}"));

    private static string Drifted(string json) =>
        string.Join(
            ' ',
            Stacks(json).Where(stack => stack["drifted"]!.GetValue<bool>()).Select(stack => stack["name"]!.GetValue<string>())
        );

    private static IEnumerable<JsonNode> Stacks(string json) =>
        JsonNode.Parse(json)!["stacks"]!.AsArray().Select(stack => stack!);
}
