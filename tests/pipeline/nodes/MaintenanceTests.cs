using System.Net;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Pipeline.Access;
using InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;

namespace InfraCdktf.Tests.Pipeline.Nodes;

/// <summary>A node is drained and restored with the real kubectl; obstacles are listed before anything changes.</summary>
[Trait("Level", "real")]
public sealed class MaintenanceTests
{
    private const string Spread = """
        "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"kubernetes.io/hostname","whenUnsatisfiable":"DoNotSchedule",
          "nodeTaintsPolicy":"Honor","labelSelector":{"matchLabels":{"app":"web"}}}]
        """;

    [Fact]
    public async Task Drain_and_restore_are_recorded_in_events()
    {
        await using var fixture = await AccessFixture.StartAsync();
        await fixture.Api.DeployAsync("web", 3, $$"""{"containers":[{"name":"c"}],{{Spread}} }""");
        await fixture.Api.DeployAsync("alone", 1, """{"containers":[{"name":"c"}]}""", nodes: 0);
        await BudgetAsync(fixture.Api, "1");
        var alone = await NodeOfAsync(fixture.Api, "alone");

        (await fixture.RunAsync("nodes", "drain", alone, "--reason", "kernel", "--check"))
            .Expect(ExitCode.Done)
            .Says("is the only pod of its workload: not available until it runs on another node.")
            .Says($"{alone} can be drained.");
        Assert.All((await fixture.Api.GetAsync("/api/v1/nodes")).Items, node => Assert.Null(node["spec"]?["unschedulable"]));

        (await fixture.RunAsync("nodes", "drain", alone, "--reason", "kernel update"))
            .Expect(ExitCode.Done)
            .Says($"{alone} has only pods of DaemonSets left.");
        Assert.Empty((await fixture.Api.GetAsync($"/api/v1/pods?fieldSelector=spec.nodeName%3D{alone}")).Items);
        Assert.Equal(["jane took the node out: kernel update"], await MessagesAsync(fixture.Api));

        fixture.Api.Clock.Advance(TimeSpan.FromMinutes(42));
        (await fixture.RunAsync("nodes", "uncordon", alone)).Expect(ExitCode.Done).Says("all nodes and workloads are ready");
        Assert.Contains("jane brought the node back after 42 minutes; all workloads are ready", await MessagesAsync(fixture.Api));
        Assert.All((await fixture.Api.GetAsync("/api/v1/nodes")).Items, node => Assert.Null(node["spec"]?["unschedulable"]));
    }

    [Fact]
    public async Task Drain_lists_every_obstacle_and_changes_nothing()
    {
        await using var fixture = await AccessFixture.StartAsync();
        var api = fixture.Api;
        await api.DeployAsync("web", 2, """{"containers":[{"name":"c"}]}""", nodes: 1);
        await BudgetAsync(api, "2");
        await api.CreateAsync(
            "/api/v1/namespaces/shop/pods",
            """{"metadata":{"name":"orphan"},"spec":{"nodeName":"n1","containers":[{"name":"c"}]}}"""
        );
        await api.DeployAsync("bare", 2, """{"containers":[{"name":"c"}]}""", nodes: 0);
        await api.CreateAsync("/api/v1/nodes", """{"metadata":{"name":"n2"},"spec":{"unschedulable":true}}""");

        var ran = (await fixture.RunAsync("nodes", "drain", "n1", "--reason", "kernel")).Expect(ExitCode.Failed);
        ran.Says("node n2: The node is already out")
            .Says("shop/orphan: No controller starts the pod again.")
            .Says("No other node accepts the pod: not ready (n2).")
            .Says("poddisruptionbudget shop/web: The budget needs 2 healthy pods and has 2. Wait until")
            .Says("All 2 ready pods of its workload are on this node, and no budget keeps one of them running.")
            .Says("n1 was not changed.");
        Assert.Empty(await MessagesAsync(api));
        var n1 = (await api.GetAsync("/api/v1/nodes/n1")).Body;
        Assert.Null(n1["spec"]?["unschedulable"]);

        await api.CreateAsync(
            "/apis/policy/v1/namespaces/shop/poddisruptionbudgets",
            """
            {"metadata":{"name":"second"},
             "spec":{"minAvailable":0,"selector":{"matchExpressions":[{"key":"app","operator":"In","values":["web"]}]}}}
            """
        );
        (await fixture.RunAsync("nodes", "drain", "n1", "--reason", "kernel"))
            .Expect(ExitCode.Failed)
            .Says("2 budgets cover the pod (shop/second, shop/web)");
        (await fixture.RunAsync("nodes", "cordon", "n9", "--reason", "kernel"))
            .Expect(ExitCode.Usage)
            .Says("NODE: given n9; allowed: n1, n2.");
    }

    [Fact]
    public async Task Drain_check_asks_the_eviction_api_and_changes_nothing()
    {
        await using var fixture = await AccessFixture.StartAsync();
        var api = fixture.Api;
        await api.DeployAsync("web", 2, """{"containers":[{"name":"c"}]}""", nodes: 2);
        await BudgetAsync(api, "2");
        var node = await NodeOfAsync(api, "web");
        var pod = (await api.GetAsync($"/api/v1/pods?fieldSelector=spec.nodeName%3D{node}")).Items.Single(one =>
            (string?)one["metadata"]!["namespace"] == "shop"
        );
        var path = $"/api/v1/namespaces/shop/pods/{pod["metadata"]!["name"]}";
        (await CheckAsync(ExitCode.Failed)).Says("poddisruptionbudget shop/web: The budget needs 2 healthy pods and has 2.");

        // A pod that does not run yet is evicted, whatever its budget says.
        (await api.PatchAsync(path, """{"status":{"phase":"Pending"}}""")).Expect(HttpStatusCode.OK);
        (await CheckAsync(ExitCode.Done)).Says($"{node} can be drained.");
        (await api.PatchAsync(path, """{"status":{"phase":"Running"}}""")).Expect(HttpStatusCode.OK);

        const string Budget = "/apis/policy/v1/namespaces/shop/poddisruptionbudgets/web";
        (await api.PatchAsync(Budget, """{"spec":{"minAvailable":1},"status":{"observedGeneration":0}}""")).Expect(
            HttpStatusCode.OK
        );
        (await CheckAsync(ExitCode.Failed)).Says("The budget was changed, and the cluster has not counted its pods since then");
        (await api.PatchAsync(Budget, """{"status":{"observedGeneration":1}}""")).Expect(HttpStatusCode.OK);
        (await CheckAsync(ExitCode.Done)).Says($"{node} can be drained.");

        // An account without the right to evict.
        fixture.Variables["KUBECONFIG"] = await ReaderAsync(fixture);
        (await CheckAsync(ExitCode.Failed))
            .Says("The API server cannot be asked whether it would evict shop/")
            .Says("The account needs the right to create pods/eviction");

        async Task<Ran> CheckAsync(int code) =>
            (await fixture.RunAsync("nodes", "drain", node, "--reason", "kernel", "--check")).Expect(code);
    }

    /// <summary>As with break-glass, whose every write is counted by a policy that warns.</summary>
    [Fact]
    public async Task Drain_check_reads_the_refusal_of_an_eviction_after_a_warning()
    {
        await using var fixture = await AccessFixture.StartAsync(options =>
            options with
            {
                Admission = review => new(null, review.Subresource == "eviction" ? ["Break-glass access is in use."] : []),
            }
        );
        await fixture.Api.DeployAsync("web", 2, """{"containers":[{"name":"c"}]}""", nodes: 2);
        await BudgetAsync(fixture.Api, "2");
        var node = await NodeOfAsync(fixture.Api, "web");
        (await fixture.RunAsync("nodes", "drain", node, "--reason", "kernel", "--check"))
            .Expect(ExitCode.Failed)
            .Says("poddisruptionbudget shop/web: The budget needs 2 healthy pods and has 2.");
    }

    private static async Task<string> ReaderAsync(AccessFixture fixture)
    {
        const string Api = "/apis/rbac.authorization.k8s.io/v1";
        await fixture.Api.CreateAsync(
            $"{Api}/clusterroles",
            """{"metadata":{"name":"reader"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["get","list"]}]}"""
        );
        await fixture.Api.CreateAsync(
            $"{Api}/clusterrolebindings",
            """
            {"metadata":{"name":"reader"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"reader"},
             "subjects":[{"kind":"ServiceAccount","name":"jane-doe","namespace":"development-access"}]}
            """
        );
        var ran = await fixture.RunAsync(
            "access kubeconfig --environment development --profile developer --for jane-doe --hours 1 --json".Split(' ')
        );
        return (string)JsonNode.Parse(ran.Expect(ExitCode.Done).Output)!["file"]!;
    }

    [Fact]
    public async Task Restore_lists_what_is_not_ready_and_keeps_the_window_open()
    {
        await using var fixture = await AccessFixture.StartAsync();
        await fixture.Api.DeployAsync("web", 2, """{"nodeSelector":{"pool":"gone"},"containers":[{"name":"c"}]}""", nodes: 1);
        (await fixture.RunAsync("nodes", "cordon", "n1", "--reason", "disk")).Expect(ExitCode.Done);
        (await fixture.RunAsync("nodes", "cordon", "n1", "--reason", "disk again")).Expect(ExitCode.Done);
        Assert.Equal(["jane took the node out: disk"], await MessagesAsync(fixture.Api));
        var json = JsonNode.Parse(
            (await fixture.RunAsync("nodes", "uncordon", "n1", "--timeout", "0", "--json")).Expect(ExitCode.Failed).Output
        )!;
        Assert.Equal(["deployment shop/web: 0 of 2 pods"], json["notReady"]!.AsArray().Select(one => (string?)one));
        Assert.Single(await MessagesAsync(fixture.Api));
    }

    private static Task BudgetAsync(ApiFixture api, string minAvailable) =>
        api.CreateAsync(
            "/apis/policy/v1/namespaces/shop/poddisruptionbudgets",
            $$"""
            {"metadata":{"name":"web"},
             "spec":{"minAvailable":{{minAvailable}},"selector":{"matchLabels":{"app":"web"} } } }
            """
        );

    private static async Task<string> NodeOfAsync(ApiFixture api, string app) =>
        (string)(await api.GetAsync($"/api/v1/namespaces/shop/pods?labelSelector=app%3D{app}")).Items[0]["spec"]!["nodeName"]!;

    private static async Task<IReadOnlyList<string>> MessagesAsync(ApiFixture api) =>
        [.. (await api.GetAsync("/api/v1/namespaces/default/events")).Items.Select(note => (string)note["message"]!)];
}
