using System.Net;
using InfraCdktf.Constructs.Namespaces;
using InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;
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

    /// <summary>It has no Pod Security label, and needs none: the quota refuses a pod of every level.</summary>
    [Theory]
    [Trait("Level", "real")]
    [InlineData("""{"containers":[{"name":"a","image":"a:1","securityContext":{"privileged":true} }],"hostNetwork":true}""")]
    [InlineData(
        """
            {"securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"} },
             "containers":[{"name":"a","image":"a:1",
             "securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]} } }]}
            """
    )]
    [InlineData("""{"priorityClassName":"system-node-critical","containers":[{"name":"a","image":"a:1"}]}""")]
    public async Task Default_namespace_refuses_a_pod_of_every_level(string spec)
    {
        const string Space = "/api/v1/namespaces/default";
        await using var api = await ApiFixture.StartAsync();
        (await api.PostAsync($"{Space}/pods", Pod("before"))).Expect(HttpStatusCode.Created);
        (await api.SendAsync(HttpMethod.Delete, $"{Space}/pods/before")).Expect(HttpStatusCode.OK);
        var hard = Assert.Single(Objects, one => one.Type == "kubernetes_resource_quota_v1").Body["spec"]!["hard"]!;
        await api.CreateAsync(
            $"{Space}/resourcequotas",
            $$"""{"metadata":{"name":"quota"},"spec":{"hard":{{hard.ToJsonString()}}} }"""
        );

        var refused = await api.PostAsync($"{Space}/pods", Pod("after"));

        Assert.Equal(HttpStatusCode.Forbidden, refused.Code);
        Assert.Contains("exceeded quota: quota, requested: pods=1", refused.Message, StringComparison.Ordinal);

        string Pod(string name) => $$"""{"metadata":{"name":"{{name}}"},"spec":{{spec}} }""";
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
