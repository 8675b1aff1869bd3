using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Helm;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.State.Lookup;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State.Lookup;

/// <summary>What the cluster is asked for each type.</summary>
[Trait("Level", "pure")]
public sealed class ClusterObjectsTests : IClusterObjects, IReleaseRecords
{
    private static readonly ImportIds s_ids = new(
        JsonNode
            .Parse(
                """
                {
                  "resource": {
                    "kubernetes_namespace_v1": { "a": { "metadata": { "name": "staging" } } },
                    "kubernetes_network_policy_v1": { "a": { "metadata": { "name": "deny", "namespace": "staging" } } },
                    "kubernetes_default_service_account_v1": { "a": { "metadata": { "namespace": "staging" } } },
                    "kubernetes_config_map_v1": { "odd": { "metadata": { "name": "odd", "namespace": "${var.where}" } } },
                    "helm_release": { "a": { "name": "web", "namespace": "staging" } }
                  }
                }
                """
            )!
            .AsObject(),
        _ => null
    );

    private readonly List<string> _asked = [];
    private string? _problem;
    private JsonObject? _found;

    [Theory]
    [InlineData("kubernetes_namespace_v1", "namespace staging", "staging")]
    [InlineData("kubernetes_network_policy_v1", "networkpolicy deny in staging", "staging/deny")]
    [InlineData("kubernetes_default_service_account_v1", "serviceaccount default in staging", "staging/default")]
    public async Task Object_is_asked_for_by_kind_and_name(string type, string asked, string id)
    {
        Assert.Empty((await FindAsync(type)).Found);
        _found = new() { ["metadata"] = new JsonObject { ["creationTimestamp"] = "2026-11-30T12:00:05Z" } };
        var seen = await FindAsync(type);

        Assert.Equal([asked, asked], _asked);
        var found = Assert.Single(seen.Found);
        Assert.Equal(id, found.Id);
        // Kubernetes made the default account with its namespace: its age says nothing.
        var isOlder = type.Contains("default", StringComparison.Ordinal);
        Assert.Equal(isOlder, seen.NeedsNoTime);
        Assert.Equal(isOlder ? null : new DateTimeOffset(2026, 11, 30, 12, 0, 5, TimeSpan.Zero), found.Created);
    }

    [Fact]
    public async Task Status_that_is_no_object_is_not_shown()
    {
        _found = new()
        {
            ["metadata"] = new JsonObject { ["creationTimestamp"] = "2026-11-30T12:00:05Z" },
            ["status"] = new JsonArray(new JsonObject()),
        };
        Assert.Null(Assert.Single((await FindAsync("kubernetes_namespace_v1")).Found).Status);
    }

    [Fact]
    public async Task Object_of_a_failed_create_may_be_of_another_owner()
    {
        _found = new() { ["metadata"] = new JsonObject { ["creationTimestamp"] = "2026-11-30T12:00:05Z" } };

        Assert.True((await FindAsync("kubernetes_namespace_v1", failed: true)).MayBeOfOthers);
        Assert.False((await FindAsync("kubernetes_namespace_v1")).MayBeOfOthers);
    }

    [Fact]
    public async Task Release_exists_only_with_a_deployed_revision()
    {
        Assert.Empty((await FindAsync("helm_release")).Found);
        Assert.Equal(["records of name=web in staging"], _asked);
    }

    [Fact]
    public async Task Cluster_that_does_not_answer_is_asked_once()
    {
        _problem = "kubectl get namespace staging: Unable to connect to the server";
        var source = new ClusterObjects(this, this);

        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<PipelineException>(() => source.FindAsync(Item("kubernetes_namespace_v1"), s_ids, default));

        Assert.Single(_asked);
    }

    [Fact]
    public async Task Missing_right_leaves_other_kinds_to_be_asked()
    {
        _problem = "kubectl get namespace staging: Error from server (Forbidden): namespaces is forbidden";
        var source = new ClusterObjects(this, this);

        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<PipelineException>(() => source.FindAsync(Item("kubernetes_namespace_v1"), s_ids, default));

        Assert.Equal(3, _asked.Count);
    }

    [Fact]
    public async Task Object_without_a_known_namespace_is_not_asked_for()
    {
        var refused = await Assert.ThrowsAsync<PipelineException>(() =>
            new ClusterObjects(this, this).FindAsync(
                new("kubernetes_config_map_v1.odd", "kubernetes_config_map_v1", null),
                s_ids,
                default
            )
        );

        Assert.Equal("the configuration does not say the name of kubernetes_config_map_v1.odd.", refused.Message);
    }

    Task<JsonObject?> IClusterObjects.FindAsync(string kind, string name, string? space, CancellationToken cancellation)
    {
        _asked.Add($"{kind} {name}{(space is null ? "" : $" in {space}")}");
        return _problem is null ? Task.FromResult(_found) : throw new PipelineException(_problem);
    }

    Task<IReadOnlyList<ReleaseRecord>> IReleaseRecords.ListAsync(string space, string selector, CancellationToken cancellation)
    {
        _asked.Add($"records of {selector} in {space}");
        var record = JsonNode
            .Parse(
                File.ReadAllText(
                    Repository.PathOf("tests", "pipeline", "helm", "records", "sh.helm.release.v1.pending-install.v1.json")
                )
            )!
            .AsObject();
        return Task.FromResult<IReadOnlyList<ReleaseRecord>>([ReleaseRecord.Read(record)]);
    }

    Task IReleaseRecords.DeleteAsync(ReleaseRecord record, CancellationToken cancellation) =>
        throw new InvalidOperationException("A look changes nothing.");

    Task IReleaseRecords.FailAsync(ReleaseRecord record, string description, CancellationToken cancellation) =>
        throw new InvalidOperationException("A look changes nothing.");

    private Task<ObjectSightings> FindAsync(string type, bool failed = false) =>
        new ClusterObjects(this, this).FindAsync(Item(type) with { Failed = failed }, s_ids, default);

    private static JournalObject Item(string type) => new($"{type}.a", type, Id: null);
}
