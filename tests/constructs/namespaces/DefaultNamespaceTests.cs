using InfraCdktf.Constructs.Namespaces;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Namespaces;

/// <summary>The namespace <c>default</c>: nothing of the platform runs there, and nothing else can.</summary>
[Trait("Level", "synthesized")]
public sealed class DefaultNamespaceTests(SynthesizedPlatform platform)
{
    private IEnumerable<SynthesizedResource> Objects =>
        platform.Shipped.Stacks["system"].Resources.Where(one => one.Namespace == DefaultNamespace.Name);

    [Fact]
    public void Default_namespace_has_a_quota_of_nothing()
    {
        var hard = Assert.Single(Objects, one => one.Type == "kubernetes_resource_quota_v1").Body["spec"]!["hard"]!.AsObject();
        // Kubernetes' own Service and ConfigMap.
        Assert.Equal(
            ["configmaps=1", "services=1"],
            hard.Select(one => $"{one.Key}={one.Value}").Where(one => !one.EndsWith("=0", StringComparison.Ordinal)).Order()
        );
        Assert.Superset(
            new HashSet<string> { "pods", "secrets", "persistentvolumeclaims", "count/deployments.apps", "count/jobs.batch" },
            hard.Select(one => one.Key).ToHashSet()
        );
    }

    [Fact]
    public void Default_namespace_denies_all_traffic()
    {
        var policy = Assert.Single(Objects, one => one.Type == "kubernetes_network_policy_v1").Body["spec"]!;
        Assert.Equal("""["Ingress","Egress"]""", policy["policy_types"]!.ToJsonString());
        Assert.Equal("{}", policy["pod_selector"]!.ToJsonString());
        Assert.Null(policy["ingress"]);
        Assert.Null(policy["egress"]);
    }

    [Fact]
    public void Default_namespace_mounts_no_token() =>
        Assert.False(
            Assert.Single(Objects, one => one.Type == "kubernetes_default_service_account_v1").Body[
                "automount_service_account_token"
            ]!.GetValue<bool>()
        );
}
