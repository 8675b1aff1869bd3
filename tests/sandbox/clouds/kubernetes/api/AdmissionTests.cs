using System.Net;

namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The checks that refuse a pod: Pod Security, limit ranges, quotas. Texts and arithmetic are those of the real API server.
/// </summary>
[Trait("Level", "real")]
public sealed class AdmissionTests
{
    [Fact]
    public async Task Deployment_is_accepted_although_its_pods_are_refused()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.CreateAsync(
            "/api/v1/namespaces",
            """
            {"metadata":{"name":"shop","labels":{
              "pod-security.kubernetes.io/enforce":"restricted","pod-security.kubernetes.io/warn":"restricted"}}}
            """
        );
        await api.DeployAsync("web", 2, """{"containers":[{"name":"c"}]}""");

        var deployment = (await api.GetAsync("/apis/apps/v1/namespaces/shop/deployments/web")).Expect(HttpStatusCode.OK);
        Assert.Equal(0, (int)deployment["status"]!["readyReplicas"]!);
        var refusal = Assert.Single((await api.GetAsync("/api/v1/namespaces/shop/events?limit=1")).Items.Take(1));
        Assert.Equal("FailedCreate", (string?)refusal["reason"]);
        Assert.Contains("violates PodSecurity", (string)refusal["message"]!, StringComparison.Ordinal);
        var patched = await api.PatchAsync("/apis/apps/v1/namespaces/shop/deployments/web", """{"spec":{"replicas":1}}""");
        Assert.Contains("would violate PodSecurity", patched.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Container_gets_namespace_defaults_and_uses_the_quota()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.CreateAsync("/api/v1/namespaces", """{"metadata":{"name":"shop"}}""");
        await api.CreateAsync(
            "/api/v1/namespaces/shop/resourcequotas",
            """{"metadata":{"name":"q"},"spec":{"hard":{"requests.cpu":"250m","limits.memory":"1Gi","pods":"3"}}}"""
        );
        var bare = await PodAsync(api, "bare", "{}");
        bare.Expect(HttpStatusCode.Forbidden);
        Assert.Equal(
            "pods \"bare\" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c",
            bare.Message.Replace("requests.cpu for: c; limits.memory for: c", "limits.memory for: c; requests.cpu for: c")
        );
        await api.CreateAsync(
            "/api/v1/namespaces/shop/limitranges",
            """
            {"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container","defaultRequest":{"cpu":"100m"},
              "default":{"cpu":"500m","memory":"256Mi"},"max":{"memory":"512Mi"}}]}}
            """
        );
        var first = (await PodAsync(api, "a", "{}")).Expect(HttpStatusCode.Created)["spec"]!["containers"]![0]!["resources"]!;
        Assert.Equal(
            ("100m", "256Mi", "256Mi"),
            ((string?)first["requests"]!["cpu"], (string?)first["requests"]!["memory"], (string?)first["limits"]!["memory"])
        );
        var large = await PodAsync(api, "large", """{"limits":{"memory":"1Gi"}}""");
        Assert.Equal("pods \"large\" is forbidden: maximum memory usage per Container is 512Mi, but limit is 1Gi", large.Message);
        (await PodAsync(api, "b", "{}")).Expect(HttpStatusCode.Created);
        var third = await PodAsync(api, "c", "{}");
        Assert.Equal(
            "pods \"c\" is forbidden: exceeded quota: q, requested: requests.cpu=100m, used: requests.cpu=200m, "
                + "limited: requests.cpu=250m",
            third.Message
        );
        var quota = (await api.GetAsync("/api/v1/namespaces/shop/resourcequotas/q")).Expect(HttpStatusCode.OK);
        Assert.Equal(
            ("200m", "2"),
            ((string?)quota["status"]!["used"]!["requests.cpu"], (string?)quota["status"]!["used"]!["pods"])
        );
    }

    [Theory]
    [InlineData("services.loadbalancers", "LoadBalancer", false)]
    [InlineData("services.loadbalancers", "ClusterIP", true)]
    [InlineData("services.nodeports", "NodePort", false)]
    [InlineData("services.nodeports", "LoadBalancer", false)]
    [InlineData("services.nodeports", "ClusterIP", true)]
    [InlineData("count/services", "ClusterIP", false)]
    [InlineData("count/secrets", "NodePort", true)]
    public async Task Quota_of_zero_refuses_the_services_that_it_counts(string counted, string type, bool admitted)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.CreateAsync(
            "/api/v1/namespaces/default/resourcequotas",
            $$$"""{"metadata":{"name":"q"},"spec":{"hard":{"{{{counted}}}":"0"} } }"""
        );
        var answer = await api.PostAsync(
            "/api/v1/namespaces/default/services",
            $$$"""{"metadata":{"name":"s"},"spec":{"type":"{{{type}}}","ports":[{"port":80}]}}"""
        );
        answer.Expect(admitted ? HttpStatusCode.Created : HttpStatusCode.Forbidden);
    }

    private static Task<Reply> PodAsync(ApiFixture api, string name, string resources) =>
        api.PostAsync(
            "/api/v1/namespaces/shop/pods",
            $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"containers":[{"name":"c","resources":{{{resources}}} } ] } }"""
        );
}
