using InfraCdktf.Environments;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Namespaces;

/// <summary>The namespace of agents that need the node: only DaemonSets may have pods there.</summary>
[Trait("Level", "synthesized")]
public sealed class AgentsNamespaceTests(SynthesizedPlatform platform)
{
    [Fact]
    public void Agents_namespace_allows_pods_of_DaemonSets_only()
    {
        var quota = platform
            .Shipped.Stacks["system"]
            .Of("kubernetes_resource_quota_v1")
            .Single(quota => quota.Name == "agents_quota");
        foreach (var kind in new[] { "deployments.apps", "statefulsets.apps", "jobs.batch", "cronjobs.batch" })
            Assert.Equal("0", quota.Body["spec"]!["hard"]![$"count/{kind}"]!.GetValue<string>());
    }

    [Fact]
    public void Agents_namespace_has_a_quota_for_pods_of_DaemonSets()
    {
        var hard = platform
            .Shipped.Stacks["system"]
            .Of("kubernetes_resource_quota_v1")
            .Single(quota => quota.Name == "agents_quota")
            .Body["spec"]!["hard"]!;
        Assert.Null(hard["count/daemonsets.apps"]);
        Assert.Equal($"{Inventory.Platform.System.Quota.Pods}", hard["pods"]!.GetValue<string>());
    }

    [Fact]
    public void Agents_namespace_allows_no_traffic()
    {
        var policies = platform
            .Shipped.Stacks["system"]
            .Of("kubernetes_network_policy_v1")
            .Where(policy => policy.Namespace!.Contains(".agents_namespace.", StringComparison.Ordinal))
            .Select(policy => policy.Metadata!["name"]!.GetValue<string>());
        Assert.Equal(["default-deny"], policies.Order(StringComparer.Ordinal));
    }
}
