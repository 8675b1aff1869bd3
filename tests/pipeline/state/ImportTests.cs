using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Plan;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// Every object of every stack is imported into an empty state. The numbers are those of the real providers (linode 3.13.0,
/// kubernetes 2.38.0, helm 3.1.1), measured on 2026-11-30.
/// </summary>
[Trait("Level", "real")]
public sealed class ImportTests(LostStates lost) : IClassFixture<LostStates>
{
    public static TheoryData<string> Stacks => [.. LostStates.Stacks];

    [Theory]
    [MemberData(nameof(Stacks))]
    public async Task Import_of_every_object_replaces_nothing(string stack)
    {
        var summary = PlanSummary.Of(stack, await lost.ImportAsync(stack));

        Assert.Equal((0, 0, 0), (summary.Add, summary.Replace, summary.Destroy));
        Assert.All(
            summary.Changes.Where(change => change.Action == PlannedAction.Change),
            change => Assert.Matches("^(helm_release|kubernetes_(namespace|secret|service)_v1)\\.", change.Address)
        );
    }

    [Fact]
    public async Task Import_of_core_leaves_no_difference()
    {
        var summary = PlanSummary.Of(StackNames.Core, await lost.ImportAsync(StackNames.Core));

        Assert.Equal(34, summary.Changes.Count(change => change.Action == PlannedAction.Import));
        Assert.Equal(34, summary.Changes.Count);
    }

    [Fact]
    public async Task Import_of_core_without_ignoring_replaces_the_network()
    {
        var plan = await lost.ImportAsync(StackNames.Core, ignoring: false);
        var summary = PlanSummary.Of(StackNames.Core, plan);

        Assert.Equal(25, summary.Changes.Count(change => change.Action == PlannedAction.Import));
        Assert.Equal(
            [
                "linode_vpc.network_vpc",
                "linode_vpc_subnet.network_development-datastore-subnet",
                "linode_vpc_subnet.network_nodes-subnet",
                "linode_vpc_subnet.network_production-datastore-subnet",
                "linode_vpc_subnet.network_staging-datastore-subnet",
            ],
            With(summary, PlannedAction.Replace)
        );
        // They only follow the VPC.
        Assert.Equal(
            [
                "linode_database_postgresql_v2.development-datastore_database",
                "linode_database_postgresql_v2.production-datastore_database",
                "linode_database_postgresql_v2.staging-datastore_database",
                "linode_lke_cluster.cluster_lke",
            ],
            With(summary, PlannedAction.Change)
        );
        Assert.Equal("ipv6", Assert.Single(Replacing(plan, "linode_vpc.network_vpc")));
    }

    [Fact]
    public async Task Import_of_system_changes_what_no_provider_reads()
    {
        var plan = await lost.ImportAsync("system");
        var summary = PlanSummary.Of("system", plan);
        var changed = With(summary, PlannedAction.Change);

        Assert.Equal(114, summary.Changes.Count(change => change.Action == PlannedAction.Import));
        Assert.Equal(134, summary.Changes.Count);
        Assert.Equal(
            ["helm_release 12", "kubernetes_namespace_v1 6", "kubernetes_secret_v1 2"],
            changed.GroupBy(address => address.Split('.')[0]).Select(type => $"{type.Key} {type.Count()}")
        );
        Assert.Equal(
            ["atomic", "chart", "cleanup_on_fail", "max_history", "repository", "timeout", "values", "wait_for_jobs"],
            Differing("helm_release")
        );
        Assert.Contains("metadata", Differing("kubernetes_namespace_v1"));
        Assert.Contains("data_wo_revision", Differing("kubernetes_secret_v1"));

        IEnumerable<string> Differing(string type) =>
            Resources(plan)
                .Where(one => one["type"]!.GetValue<string>() == type)
                .SelectMany(one => Differences(one["change"]!))
                .Distinct()
                .Order(StringComparer.Ordinal);
    }

    private static IReadOnlyList<string> With(PlanSummary summary, PlannedAction action) =>
        [.. summary.Changes.Where(change => change.Action == action).Select(change => change.Address)];

    private static IEnumerable<JsonNode> Resources(JsonObject plan) => plan["resource_changes"]!.AsArray().Select(one => one!);

    private static IEnumerable<string> Replacing(JsonObject plan, string address) =>
        Resources(plan).Single(one => one["address"]!.GetValue<string>() == address)["change"]!["replace_paths"]!
            .AsArray()
            .Select(path => path![0]!.GetValue<string>())
            .Distinct();

    private static IEnumerable<string> Differences(JsonNode change) =>
        change["after"]!
            .AsObject()
            .Where(after => !JsonNode.DeepEquals(after.Value, change["before"]![after.Key]))
            .Select(after => after.Key);
}
