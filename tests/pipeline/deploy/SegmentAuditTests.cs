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

    private static JsonNode Body(AuditRecord record) => JsonNode.Parse(record.Body.GetRawText())!;

    private static Workspace With(Workspace workspace, string spec) =>
        workspace with
        {
            Synthesize = (platform, output) =>
                SmallPlatform.Synthesize(
                    platform,
                    output,
                    (stack, configuration) =>
                    {
                        if (stack == "development")
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
