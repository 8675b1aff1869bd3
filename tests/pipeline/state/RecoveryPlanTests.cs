using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>A recovery is complete only if the plan after it replaces and destroys nothing.</summary>
public sealed class RecoveryPlanTests
{
    [Fact]
    [Trait("Level", "pure")]
    public void Plan_after_recovery_may_end_secretless_keys_and_older_ones()
    {
        var plan = RecoveryPlan.Of(
            "core",
            JsonNode
                .Parse(
                    """
                    {"resource_changes":[
                      {"address":"linode_object_storage_key.a","type":"linode_object_storage_key","mode":"managed",
                       "action_reason":"replace_because_tainted","change":{"actions":["delete","create"]}},
                      {"address":"linode_object_storage_key.b","type":"linode_object_storage_key","mode":"managed",
                       "action_reason":"replace_because_cannot_update","change":{"actions":["delete","create"]}},
                      {"address":"linode_vpc.a","type":"linode_vpc","mode":"managed",
                       "action_reason":"replace_because_tainted","change":{"actions":["delete","create"]}},
                      {"address":"linode_firewall.a","type":"linode_firewall","mode":"managed","change":{"actions":["delete"]}},
                      {"address":"linode_firewall.b","type":"linode_firewall","mode":"managed","deposed":"00112233",
                       "change":{"actions":["delete"]}},
                      {"address":"linode_firewall.b","type":"linode_firewall","mode":"managed","change":{"actions":["update"]}}
                    ]}
                    """
                )!
                .AsObject(),
            ApprovedEnds.None
        );

        Assert.False(plan.IsSafe);
        Assert.Equal(
            [
                "core: the next apply would REPLACE linode_object_storage_key.b.",
                "core: the next apply would REPLACE linode_vpc.a.",
                "core: the next apply would DESTROY linode_firewall.a.",
                "core: recovery is NOT complete. Do not deploy: read \"plan core\" and "
                    + "docs/runbooks/state.md#an-apply-was-killed.",
            ],
            plan.Describe("core")
        );
    }

    // With the token of another account every object of the state seems to be deleted, and the plan only adds.
    [Theory]
    [Trait("Level", "pure")]
    [InlineData("""{"address":"linode_firewall.a","type":"linode_firewall","mode":"managed"}""", true)]
    [InlineData("""{"address":"kubernetes_secret_v1.a","type":"kubernetes_secret_v1","mode":"managed"}""", false)]
    public void Plan_without_any_object_of_the_account_is_not_safe(string left, bool isSafe)
    {
        var plan = JsonNode
            .Parse(
                $$"""
                {
                  "resource_drift": [
                    {"address":"linode_vpc.a","type":"linode_vpc","mode":"managed","change":{"actions":["delete"]} }
                  ],
                  "resource_changes": [
                    {"address":"linode_vpc.a","type":"linode_vpc","mode":"managed","change":{"actions":["create"]} }
                  ],
                  "prior_state": {"values":{"root_module":{"resources":[{{left}}] } } }
                }
                """
            )!
            .AsObject();

        var next = RecoveryPlan.Of("core", plan, ApprovedEnds.None);

        Assert.Equal(isSafe, next.IsSafe);
        var said = string.Join('\n', next.Describe("core"));
        Assert.Equal(!isSafe, said.Contains("LINODE_TOKEN", StringComparison.Ordinal));
        // The killed apply destroyed it.
        Assert.True(
            RecoveryPlan.Of("core", plan, ApprovedEnds.None with { Destroyed = new HashSet<string> { "linode_vpc.a" } }).IsSafe
        );
    }

    [Fact]
    [Trait("Level", "pure")]
    public void Plan_after_recovery_may_continue_the_approved_plan()
    {
        using var directory = new TemporaryDirectory();
        var journal = new ApplyJournals(directory.Path).Begin("core");
        File.WriteAllLines(
            journal.File,
            [Planned("linode_vpc.a", "replace"), Planned("linode_vpc.a", "delete"), Planned("linode_vpc.b", "delete")]
        );
        var plan = RecoveryPlan.Of(
            "core",
            new()
            {
                ["resource_changes"] = new JsonArray(
                    Change("linode_vpc.a", "delete", "create"),
                    Change("linode_vpc.b", "delete"),
                    Change("linode_vpc.c", "delete")
                ),
            },
            ApprovedEnds.Of([journal])
        );

        Assert.Equal(["linode_vpc.a", "linode_vpc.b"], plan.Continued);
        Assert.Equal(["linode_vpc.c"], plan.Destroyed);
        Assert.Empty(plan.Replaced);
        Assert.False((plan with { Destroyed = ["linode_vpc.a"] }).IsSafe);
        Assert.True((plan with { Destroyed = [] }).IsSafe);

        static string Planned(string address, string action) =>
            new JsonObject
            {
                ["type"] = ApplyEvent.Planned,
                ["change"] = new JsonObject
                {
                    ["resource"] = new JsonObject { ["addr"] = address },
                    ["action"] = action,
                },
            }.ToJsonString();

        static JsonNode Change(string address, params string[] actions) =>
            new JsonObject
            {
                ["address"] = address,
                ["type"] = "linode_vpc",
                ["mode"] = "managed",
                ["change"] = new JsonObject { ["actions"] = new JsonArray([.. actions.Select(action => (JsonNode)action)]) },
            };
    }

    [Theory]
    [Trait("Level", "real")]
    [InlineData(false, true)] // Terraform makes no such plan
    [InlineData(false, false)] // the plan replaces the network
    [InlineData(true, true)]
    public async Task Recovery_is_complete_only_if_the_plan_replaces_nothing(bool isIgnored, bool isProtected)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with
        {
            Synthesize = (platform, output) =>
                SmallPlatform.Synthesize(
                    platform,
                    output,
                    (stack, configuration) =>
                    {
                        if (stack == StackNames.Core)
                            DualStack(configuration["resource"]!, isIgnored, isProtected);
                    }
                ),
        };
        Assert.Equal(0, (await sandbox.RunAsync("deploy core --yes", workspace)).Code);
        await ForgetAsync(workspace, "linode_vpc.main", "linode_vpc_subnet.nodes");

        var (code, output, _) = await sandbox.RunAsync("state recover core", workspace);

        Assert.Contains("imported into the state: linode_vpc.main", output, StringComparison.Ordinal);
        Assert.Equal(isIgnored ? ExitCode.Done : ExitCode.Failed, code);
        Assert.Equal(isIgnored, output.Contains("recovery is complete", StringComparison.Ordinal));
        Assert.Equal(!isIgnored, output.Contains("the next apply would REPLACE linode_vpc.main.", StringComparison.Ordinal));
    }

    private static void DualStack(JsonNode resources, bool isIgnored, bool isProtected)
    {
        foreach (var (one, range) in new[] { ("linode_vpc.main", "/52"), ("linode_vpc_subnet.nodes", "auto") })
        {
            var resource = resources[one.Split('.')[0]]![one.Split('.')[1]]!;
            resource["ipv6"] = new JsonArray(new JsonObject { ["range"] = range });
            resource["lifecycle"] = new JsonObject
            {
                ["prevent_destroy"] = isProtected,
                ["ignore_changes"] = isIgnored ? new JsonArray("ipv6") : [],
            };
        }
    }

    /// <summary>Removes objects from the state, and leaves the journal of an apply that created them.</summary>
    private static async Task ForgetAsync(Workspace workspace, params string[] addresses)
    {
        var terraform = workspace.Terraform(workspace.Stack(StackNames.Core), Placeholders.Allowed);
        var state = StateFile.FromPull(await terraform.PullStateAsync(CancellationToken.None))!;
        var journal = workspace.Journals.Begin(StackNames.Core);
        foreach (var item in state.Objects.Where(item => addresses.Contains(item.Address)))
        {
            await terraform.ForgetAsync(item.Address, CancellationToken.None);
            var created = new JsonObject
            {
                ["type"] = ApplyEvent.Complete,
                ["hook"] = new JsonObject
                {
                    ["resource"] = new JsonObject { ["addr"] = item.Address, ["resource_type"] = item.Type },
                    ["action"] = "create",
                    ["id_key"] = "id",
                    ["id_value"] = item.Id,
                },
            };
            await File.AppendAllTextAsync(journal.File, created.ToJsonString() + "\n");
        }
    }
}
