using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Deploy;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Deploy;

/// <summary>Every deploy that changes network policies writes a locked record with before and after.</summary>
[Trait("Level", "real")]
public sealed class SegmentAuditTests
{
    [Fact]
    public async Task Deploy_records_each_network_policy_change()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var closed = With(sandbox.Workspace, """{ "pod_selector": {}, "policy_types": ["Ingress"] }""");
        var open = With(
            sandbox.Workspace,
            """
            {
              "pod_selector": {}, "policy_types": ["Ingress"],
              "ingress": [{ "ports": [{ "port": "80", "protocol": "TCP" }] }]
            }
            """
        );

        foreach (var workspace in new[] { closed, closed, open })
            Assert.Equal(0, (await sandbox.RunAsync("deploy --yes", workspace)).Code);

        using var archiver = StackArchiver.Open(sandbox.Workspace, _ => { });
        var records = (await archiver.Archive.Audit.ListAsync("development", default))
            .Where(record => record.Kind == SegmentAudit.Kind)
            .Reverse()
            .ToList();
        Assert.Equal(2, records.Count);
        Assert.All(records, record => Assert.NotEmpty(record.Actor));
        var (first, second) = (Body(records[0]), Body(records[1]));
        Assert.Null(first["policies"]![0]!["before"]);
        Assert.Contains(
            """{"from":"outside","to":"development/plain","before":"none","after":"TCP 80"}""",
            second["flows"]!.AsArray().Select(flow => flow!.ToJsonString())
        );
        var policy = Assert.Single(second["policies"]!.AsArray())!;
        Assert.Null(policy["before"]!["spec"]!["ingress"]);
        Assert.NotNull(policy["after"]!["spec"]!["ingress"]);
    }

    [Fact]
    public async Task Deploy_without_the_segment_record_applies_nothing()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var closed = With(sandbox.Workspace, """{ "pod_selector": {}, "policy_types": ["Ingress"] }""");
        Assert.Equal(0, (await sandbox.RunAsync("deploy --yes", closed)).Code);
        var before = Policy(sandbox);
        var open = With(sandbox.Workspace, """{ "pod_selector": {}, "policy_types": ["Ingress"], "ingress": [{}] }""");

        // The live bucket answers; the archive does not accept the key.
        var locked = open with
        {
            Environment = new Dictionary<string, string>(open.Environment)
            {
                ["ARCHIVE_ACCESS_KEY_ID"] = "wrong",
                ["ARCHIVE_SECRET_ACCESS_KEY"] = "wrong",
            },
        };
        var (code, output, error) = await sandbox.RunAsync("deploy development --yes", locked);
        Assert.True(code == ExitCode.Failed, output);
        Assert.Contains(
            "development: NOTHING was applied. The plan changes kubernetes_network_policy_v1.policy",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains("Run the command again when the archive bucket can be written to", error, StringComparison.Ordinal);
        Assert.Equal(before, Policy(sandbox));

        Assert.Equal(0, (await sandbox.RunAsync("deploy development --yes", open)).Code);
        Assert.NotEqual(before, Policy(sandbox));
        using var archiver = StackArchiver.Open(sandbox.Workspace, _ => { });
        Assert.Equal(
            2,
            (await archiver.Archive.Audit.ListAsync("development", default)).Count(record => record.Kind == SegmentAudit.Kind)
        );
        // No entry of an apply that did not happen.
        Assert.Equal(2, (await archiver.Archive.ListAsync("development", default)).Count);
    }

    [Fact]
    public async Task Deploy_without_network_changes_needs_no_segment_record()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var closed = With(sandbox.Workspace, """{ "pod_selector": {}, "policy_types": ["Ingress"] }""");
        Assert.Equal(0, (await sandbox.RunAsync("deploy --yes", closed)).Code);
        var locked = With(
            sandbox.Workspace with
            {
                Environment = new Dictionary<string, string>(sandbox.Workspace.Environment)
                {
                    ["ARCHIVE_ACCESS_KEY_ID"] = "wrong",
                    ["ARCHIVE_SECRET_ACCESS_KEY"] = "wrong",
                },
            },
            """{ "pod_selector": {}, "policy_types": ["Ingress"] }""",
            configuration => configuration["resource"]!["kubernetes_config_map_v1"]!["network"]!["data"]!["more"] = "text"
        );
        var (code, output, error) = await sandbox.RunAsync("deploy development --yes", locked);
        Assert.True(code == 0, error);
        Assert.Contains("network policies are not compared with the last apply", output, StringComparison.Ordinal);
        Assert.Contains("NOT in the archive yet", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destroy_without_the_segment_record_destroys_nothing()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var closed = With(sandbox.Workspace, """{ "pod_selector": {}, "policy_types": ["Ingress"] }""");
        Assert.Equal(0, (await sandbox.RunAsync("deploy --yes", closed)).Code);
        var before = sandbox.Sandbox.Account.Objects.Count;
        var destroy = $"destroy development --yes --confirm {closed.Platform.Project}";
        var locked = closed with
        {
            Environment = new Dictionary<string, string>(closed.Environment)
            {
                ["ARCHIVE_ACCESS_KEY_ID"] = "wrong",
                ["ARCHIVE_SECRET_ACCESS_KEY"] = "wrong",
            },
        };

        var (code, output, error) = await sandbox.RunAsync(destroy, locked);

        Assert.True(code == ExitCode.Failed, output);
        Assert.Contains("development: NOTHING was destroyed. The plan changes ", error, StringComparison.Ordinal);
        Assert.Contains("kubernetes_network_policy_v1.policy", error, StringComparison.Ordinal);
        Assert.Equal(before, sandbox.Sandbox.Account.Objects.Count);

        var again = await sandbox.RunAsync(destroy, closed);
        Assert.True(again.Code == 0, again.Error);
        Assert.True(sandbox.Sandbox.Account.Objects.Count < before);
        var gone = Body((await RecordsAsync(sandbox))[0]);
        Assert.All(gone["policies"]!.AsArray(), policy => Assert.Null(policy!["after"]));
        Assert.NotNull(Assert.Single(gone["policies"]!.AsArray())!["before"]);

        // Deployed again: before, there was nothing.
        Assert.Equal(0, (await sandbox.RunAsync("deploy development --yes", closed)).Code);
        var records = await RecordsAsync(sandbox);
        Assert.Equal(3, records.Count);
        Assert.Null(Assert.Single(Body(records[0])["policies"]!.AsArray())!["before"]);
    }

    /// <summary>
    /// The last apply that succeeded had the same policies, but a later one failed after it had opened them: the deploy that
    /// closes them again is a change as well.
    /// </summary>
    [Fact]
    public async Task Deploy_after_a_failed_one_records_the_way_back()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        const string closed = """{ "pod_selector": {}, "policy_types": ["Ingress"] }""";
        Assert.Equal(0, (await sandbox.RunAsync("deploy --yes", With(sandbox.Workspace, closed))).Code);
        var before = Policy(sandbox);
        var failing = With(
            sandbox.Workspace,
            """{ "pod_selector": {}, "policy_types": ["Ingress"], "ingress": [{}] }""",
            configuration =>
                configuration["resource"]!["kubernetes_config_map_v1"]!["failing"] = JsonNode.Parse(
                    """
                    {
                      "metadata": { "name": "failing", "namespace": "no-such-namespace" },
                      "depends_on": ["kubernetes_network_policy_v1.policy"]
                    }
                    """
                )
        );
        Assert.NotEqual(0, (await sandbox.RunAsync("deploy development --yes", failing)).Code);
        Assert.NotEqual(before, Policy(sandbox));
        Assert.Equal(2, (await RecordsAsync(sandbox)).Count);

        Assert.Equal(0, (await sandbox.RunAsync("deploy development --yes", With(sandbox.Workspace, closed))).Code);

        var records = await RecordsAsync(sandbox);
        Assert.Equal(3, records.Count);
        Assert.Contains("kubernetes_network_policy_v1.policy", records[0].Reason, StringComparison.Ordinal);

        // Nothing to do: no record.
        Assert.Equal(0, (await sandbox.RunAsync("deploy development --yes", With(sandbox.Workspace, closed))).Code);
        Assert.Equal(3, (await RecordsAsync(sandbox)).Count);
    }

    [Theory]
    [InlineData("kubernetes_network_policy_v1.main", true)]
    [InlineData("kubernetes_network_policy.main", true)]
    [InlineData("kubernetes_manifest.policy", true)]
    [InlineData("kubernetes_labels.space", true)]
    [InlineData("linode_firewall_device.node", true)]
    [InlineData("linode_vpc_subnet.main", true)]
    [InlineData("helm_release.web", true)]
    [InlineData("some_future_type.x", true)]
    // The type is the first part after the modules, whatever the keys contain.
    [InlineData("linode_firewall.rules[\"a.b\"]", true)]
    [InlineData("linode_firewall.rules[\"x.kubernetes_config_map_v1.y\"]", true)]
    [InlineData("linode_firewall.rules[\"]\\\".kubernetes_config_map_v1.y\"]", true)]
    [InlineData("module.kubernetes_config_map_v1.linode_firewall.rules[0]", true)]
    [InlineData("module.a[\"b.c\"].module.d.kubernetes_network_policy_v1.main", true)]
    [InlineData("module.a[\"b.c\"].module.d.kubernetes_config_map_v1.main[1]", false)]
    [InlineData("kubernetes_config_map_v1.linode_firewall", false)]
    [InlineData("kubernetes_config_map_v1.main[\"linode_firewall.x\"]", false)]
    [InlineData("kubernetes_resource_quota_v1.quota", false)]
    public void Address_decides_unless_its_type_never_does(string address, bool decides) =>
        Assert.Equal(decides, SegmentAudit.MayDecide(address));

    private static async Task<IReadOnlyList<AuditRecord>> RecordsAsync(SandboxFixture sandbox)
    {
        using var archiver = StackArchiver.Open(sandbox.Workspace, _ => { });
        return
        [
            .. (await archiver.Archive.Audit.ListAsync("development", default)).Where(record => record.Kind == SegmentAudit.Kind),
        ];
    }

    private static string Policy(SandboxFixture sandbox) =>
        sandbox.Sandbox.Account.Objects.Single(one => one.Type == "kubernetes_network_policy_v1").Attributes.ToJsonString();

    private static JsonNode Body(AuditRecord record) => JsonNode.Parse(record.Body.GetRawText())!;

    private static Workspace With(Workspace workspace, string spec, Action<JsonObject>? change = null) =>
        workspace with
        {
            Synthesize = (platform, output) =>
                SmallPlatform.Synthesize(
                    platform,
                    output,
                    (stack, configuration) =>
                    {
                        if (stack != "development")
                            return;
                        change?.Invoke(configuration);
                        configuration["resource"]!["kubernetes_network_policy_v1"] = new JsonObject
                        {
                            ["policy"] = new JsonObject
                            {
                                ["metadata"] = new JsonObject
                                {
                                    ["name"] = "policy",
                                    ["namespace"] = "${kubernetes_namespace_v1.space.metadata[0].name}",
                                },
                                ["spec"] = JsonNode.Parse(spec),
                            },
                        };
                    }
                ),
        };
}
