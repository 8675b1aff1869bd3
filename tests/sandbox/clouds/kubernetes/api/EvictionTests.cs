using System.Net;

namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;

/// <summary>Pods on nodes: the choice of the node, and the evictions that a budget allows.</summary>
[Trait("Level", "real")]
public sealed class EvictionTests
{
    private const string OneEachNode = """
        "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"kubernetes.io/hostname","whenUnsatisfiable":"DoNotSchedule",
          "nodeTaintsPolicy":"Honor","labelSelector":{"matchLabels":{"app":"web"}}}]
        """;

    /// <summary>The replicas, a budget, and the number of evictions that it allows at once.</summary>
    private static readonly (int Replicas, string Budget, int Allowed)[] _budgets =
    [
        (3, "\"minAvailable\":1", 2),
        (3, "\"minAvailable\":3", 0),
        (3, "\"minAvailable\":\"50%\"", 1),
        (3, "\"maxUnavailable\":1", 1),
        (3, "\"maxUnavailable\":\"34%\"", 2),
        (1, "\"minAvailable\":1", 0),
        (1, "\"maxUnavailable\":1", 1),
        (2, "\"maxUnavailable\":0", 0),
    ];

    [Fact]
    public async Task Budget_allows_the_number_of_evictions_that_it_states()
    {
        await using var api = await ApiFixture.StartAsync();
        foreach (var (replicas, budget, allowed) in _budgets)
        {
            await api.DeployAsync("web", replicas, """{"containers":[{"name":"c"}]}""");
            await BudgetAsync(api, budget);

            var status = (await api.GetAsync("/apis/policy/v1/namespaces/shop/poddisruptionbudgets/web")).Body["status"]!;
            Assert.Equal((budget, allowed), (budget, (int)status["disruptionsAllowed"]!));
            var answer = await EvictAsync(api, (await PodsAsync(api))[0].Name);
            answer.Expect(allowed > 0 ? HttpStatusCode.Created : HttpStatusCode.TooManyRequests);
            if (allowed == 0)
                Assert.Contains(
                    "The disruption budget web needs",
                    (string)answer.Body["details"]!["causes"]![0]!["message"]!,
                    StringComparison.Ordinal
                );
            (await api.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/shop")).Expect(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Dry_eviction_answers_as_a_real_one_and_changes_nothing()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.DeployAsync("web", 2, """{"containers":[{"name":"c"}]}""");
        await BudgetAsync(api, "\"minAvailable\":1");
        var pods = await PodsAsync(api);
        const string Path = "/apis/policy/v1/namespaces/shop/poddisruptionbudgets/web";
        var pod = pods[0].Name;
        foreach (var (query, options) in new[] { ("?dryRun=All", "{}"), ("", """{"dryRun":["All"]}""") })
        {
            (await EvictAsync(api, pod, query, options)).Expect(HttpStatusCode.Created);
            Assert.Equal(pods, await PodsAsync(api));
        }

        (await api.PatchAsync(Path, """{"spec":{"minAvailable":2}}""")).Expect(HttpStatusCode.OK);
        var full = await EvictAsync(api, pod, "?dryRun=All");
        full.Expect(HttpStatusCode.TooManyRequests);
        Assert.Equal("Cannot evict pod as it would violate the pod's disruption budget.", full.Message);
        Assert.Equal(
            "The disruption budget web needs 2 healthy pods and has 2 currently",
            (string?)full.Body["details"]!["causes"]![0]!["message"]
        );
        Assert.Null(full.Body["details"]!["retryAfterSeconds"]);

        // The disruption controller has not seen the budget yet.
        (await api.PatchAsync(Path, """{"spec":{"minAvailable":1},"status":{"observedGeneration":0}}""")).Expect(
            HttpStatusCode.OK
        );
        var behind = await EvictAsync(api, pod, "?dryRun=All");
        behind.Expect(HttpStatusCode.TooManyRequests);
        Assert.Equal(
            ("The disruption budget web is still being processed by the server.", 10),
            ((string?)behind.Body["details"]!["causes"]![0]!["message"], (int?)behind.Body["details"]!["retryAfterSeconds"])
        );
        (await api.PostAsync($"/api/v1/namespaces/shop/pods/{pod}/eviction", """{"metadata":{"name":"other"}}""")).Expect(
            HttpStatusCode.BadRequest
        );
    }

    /// <summary>A pod's status, the budget's policy for pods that are not ready, and the answer.</summary>
    [Theory]
    [InlineData("""{"phase":"Pending"}""", "IfHealthyBudget", true)]
    [InlineData("""{"phase":"Failed"}""", "IfHealthyBudget", true)]
    [InlineData("""{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}""", "IfHealthyBudget", false)]
    [InlineData("""{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}""", "AlwaysAllow", true)]
    public async Task Budget_decides_only_about_running_pods(string status, string policy, bool evicted)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.DeployAsync("web", 2, """{"containers":[{"name":"c"}]}""");
        await BudgetAsync(api, $"\"minAvailable\":2,\"unhealthyPodEvictionPolicy\":\"{policy}\"");
        var pod = (await PodsAsync(api))[0].Name;
        (await api.PatchAsync($"/api/v1/namespaces/shop/pods/{pod}", $$"""{"status":{{status}} }""")).Expect(HttpStatusCode.OK);
        (await EvictAsync(api, pod, "?dryRun=All")).Expect(evicted ? HttpStatusCode.Created : HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Budget_refuses_an_eviction_while_a_pod_has_no_node()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.DeployAsync("web", 2, $$"""{"containers":[{"name":"c"}],{{OneEachNode}} }""", nodes: 2);
        await BudgetAsync(api, "\"minAvailable\":1");
        Assert.Equal(["n1", "n2"], (await PodsAsync(api)).Select(pod => pod.Node).Order());

        // One node is left. nodeTaintsPolicy is Honor, so both pods may run on it.
        (await api.PatchAsync("/api/v1/nodes/n1", """{"spec":{"unschedulable":true}}""")).Expect(HttpStatusCode.OK);
        (await EvictAsync(api, await OnAsync(api, "n1"))).Expect(HttpStatusCode.Created);
        Assert.Equal(["n2", "n2"], (await PodsAsync(api)).Select(pod => pod.Node));

        (await api.PatchAsync("/api/v1/nodes/n2", """{"spec":{"unschedulable":true}}""")).Expect(HttpStatusCode.OK);
        (await EvictAsync(api, await OnAsync(api, "n2"))).Expect(HttpStatusCode.Created);
        Assert.Contains((await PodsAsync(api)), pod => pod.Node is null);
        (await EvictAsync(api, await OnAsync(api, "n2"))).Expect(HttpStatusCode.TooManyRequests);

        (await api.PatchAsync("/api/v1/nodes/n1", """{"spec":{"unschedulable":null}}""")).Expect(HttpStatusCode.OK);
        Assert.Equal(["n1", "n2"], (await PodsAsync(api)).Select(pod => pod.Node).Order());
    }

    [Fact]
    public async Task Pods_are_placed_by_selectors_taints_and_capacity()
    {
        await using var api = await ApiFixture.StartAsync();
        await NodeAsync(api, "plain", """{"pool":"a"}""", "[]", "4");
        await NodeAsync(api, "tainted", """{"pool":"b"}""", """[{"key":"dedicated","value":"b","effect":"NoSchedule"}]""", "1");

        await api.DeployAsync("any", 2, """{"containers":[{"name":"c"}]}""", nodes: 0);
        Assert.All(await PodsAsync(api), pod => Assert.Equal("plain", pod.Node));
        await api.DeployAsync("there", 1, """{"nodeSelector":{"pool":"b"},"containers":[{"name":"c"}]}""", nodes: 0);
        Assert.Contains(await PodsAsync(api), pod => pod.Node is null);
        const string Tolerant = """
            {"nodeSelector":{"pool":"b"},"tolerations":[{"key":"dedicated","operator":"Equal","value":"b","effect":"NoSchedule"}],
             "containers":[{"name":"c","resources":{"requests":{"cpu":"600m"}}}]}
            """;
        await api.DeployAsync("tolerant", 2, Tolerant, nodes: 0);
        var tolerant = (await PodsAsync(api)).Where(pod => pod.Name.StartsWith("tolerant", StringComparison.Ordinal)).ToList();
        Assert.Equal([null, "tainted"], tolerant.Select(pod => pod.Node).Order());
    }

    [Fact]
    public async Task Nodes_are_those_of_the_cluster_pools()
    {
        await using var api = await ApiFixture.StartAsync();
        using var terraform = new TerraformRunner(
            api.Sandbox,
            SandboxTest.Head
                + """
                resource "linode_lke_cluster" "c" {
                  label       = "core"
                  region      = "us-ord"
                  k8s_version = "1.34"
                  pool {
                    type   = "g6-standard-2"
                    count  = 2
                    labels = { pool = "system" }
                    taint {
                      key    = "dedicated"
                      value  = "system"
                      effect = "NoSchedule"
                    }
                  }
                }
                """
        );
        await terraform.ApplyAsync();

        var nodes = (await api.GetAsync("/api/v1/nodes?labelSelector=pool%3Dsystem")).Items;
        Assert.Equal(2, nodes.Count);
        Assert.All(nodes, node => Assert.Equal("dedicated", (string?)node["spec"]!["taints"]![0]!["key"]));
        (await terraform.RunAsync("destroy", "-auto-approve")).Expect(0);
        Assert.Empty((await api.GetAsync("/api/v1/nodes")).Items);
        Assert.Empty(api.Sandbox.Account.Objects);
    }

    private static Task NodeAsync(ApiFixture api, string name, string labels, string taints, string cpu) =>
        api.CreateAsync(
            "/api/v1/nodes",
            $$"""
            {"metadata":{"name":"{{name}}","labels":{{labels}} },"spec":{"taints":{{taints}} },
             "status":{"allocatable":{"cpu":"{{cpu}}"} } }
            """
        );

    private static Task BudgetAsync(ApiFixture api, string budget) =>
        api.CreateAsync(
            "/apis/policy/v1/namespaces/shop/poddisruptionbudgets",
            $$"""{"metadata":{"name":"web"},"spec":{ {{budget}},"selector":{"matchLabels":{"app":"web"} } } }"""
        );

    private static Task<Reply> EvictAsync(ApiFixture api, string pod, string query = "", string options = "{}") =>
        api.PostAsync(
            $"/api/v1/namespaces/shop/pods/{pod}/eviction{query}",
            $$"""{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"name":"{{pod}}"},"deleteOptions":{{options}} }"""
        );

    private static async Task<string> OnAsync(ApiFixture api, string node) =>
        (await PodsAsync(api)).First(pod => pod.Node == node).Name;

    private static async Task<IReadOnlyList<(string Name, string? Node)>> PodsAsync(ApiFixture api) =>
        [
            .. (await api.GetAsync("/api/v1/namespaces/shop/pods")).Items.Select(pod =>
                ((string)pod["metadata"]!["name"]!, (string?)pod["spec"]!["nodeName"])
            ),
        ];
}
