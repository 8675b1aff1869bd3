using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Nodes;

namespace InfraCdktf.Tests.Pipeline.Nodes;

/// <summary>What keeps a node from being drained, and what does not.</summary>
[Trait("Level", "pure")]
public sealed class DrainCheckTests
{
    private const string NotReady = """{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}""";

    /// <summary>The status of the pod on the drained node, the fields of its budget, and the problem; null for none.</summary>
    public static TheoryData<string, string, string?> Budgeted =>
        new()
        {
            { Status(), Budget(allowed: 1), null },
            { Status(), Budget(allowed: 0), "The budget needs 2 healthy pods and has 2." },
            { """{"phase":"Pending"}""", Budget(allowed: 0), null },
            { """{"phase":"Pending"}""", Budget(allowed: 1, observed: 1), null },
            { NotReady, Budget(allowed: 0, healthy: 1), "The budget needs 2 healthy pods and has 1." },
            { NotReady, Budget(allowed: 0, healthy: 1, policy: "AlwaysAllow"), null },
            { NotReady, Budget(allowed: 0, healthy: 2), null },
            { NotReady, Budget(allowed: 0, healthy: 0, desired: 0), "The budget needs 0 healthy pods and has 0." },
            {
                Status(),
                Budget(allowed: 1, observed: 1),
                "The budget was changed, and the cluster has not counted its pods since then"
            },
            { NotReady, Budget(allowed: 1, healthy: 1, observed: 1), "The budget was changed" },
        };

    [Theory]
    [MemberData(nameof(Budgeted))]
    public void Budget_is_an_obstacle_as_the_eviction_api_decides(string status, string budget, string? problem)
    {
        var pod = Pod("web-1", "n1", status: status);
        var cluster = Cluster([pod, Pod("web-2", "n2")], budgets: [JsonNode.Parse(budget)!.AsObject()]);
        var obstacles = DrainCheck.Of(cluster, "n1").Obstacles;
        if (problem is null)
            Assert.Empty(obstacles);
        else
            Assert.StartsWith(problem, Assert.Single(obstacles).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Ending_pods_and_finished_jobs_are_no_obstacle()
    {
        var ending = Pod("web-1", "n1");
        ending["metadata"]!["deletionTimestamp"] = "2026-11-21T12:00:00Z";
        ending["metadata"]!.AsObject().Remove("ownerReferences");
        Assert.Empty(DrainCheck.Of(Cluster([ending], budgets: [JsonNode.Parse(Budget(allowed: 0))!.AsObject()]), "n1").Obstacles);
        Assert.Empty(DrainCheck.Of(Cluster([Pod("a", "n1", owner: "Job"), Pod("b", "n1", owner: "Job")]), "n1").Obstacles);
        Assert.Single(DrainCheck.Of(Cluster([Pod("a", "n1"), Pod("b", "n1")]), "n1").Obstacles);
    }

    [Fact]
    public void Answer_of_the_eviction_api_has_priority()
    {
        var cluster = Cluster(
            [Pod("web-1", "n1"), Pod("web-2", "n2")],
            budgets: [JsonNode.Parse(Budget(allowed: 0))!.AsObject()]
        );
        Assert.Empty(DrainCheck.Of(cluster, "n1", new Dictionary<string, string?> { ["shop/web-1"] = null }).Obstacles);
        var refused = DrainCheck.Of(
            Cluster([Pod("web-1", "n1"), Pod("web-2", "n2")]),
            "n1",
            new Dictionary<string, string?> { ["shop/web-1"] = "a webhook refused it" }
        );
        Assert.Equal("The API server refuses to evict the pod: a webhook refused it.", Assert.Single(refused.Obstacles).Problem);
    }

    /// <summary>Fields of the pod's spec, and the reason of the only other node; null if it accepts the pod.</summary>
    public static TheoryData<string, string?> Placed =>
        new()
        {
            { "{}", null },
            { """{"nodeSelector":{"disk":"ssd"}}""", null },
            { """{"nodeSelector":{"disk":"hdd"}}""", "node selector (n2)" },
            { NodeAffinity("""{"key":"disk","operator":"In","values":["ssd"]}"""), null },
            { NodeAffinity("""{"key":"disk","operator":"NotIn","values":["ssd"]}"""), "node affinity (n2)" },
            { NodeAffinity("""{"key":"gpu","operator":"Exists"}"""), "node affinity (n2)" },
            { NodeAffinity("""{"key":"gpu","operator":"DoesNotExist"}"""), null },
            { NodeAffinity("""{"key":"cores","operator":"Gt","values":["4"]}"""), null },
            { NodeAffinity("""{"key":"cores","operator":"Lt","values":["4"]}"""), "node affinity (n2)" },
            { NodeAffinity("""{"key":"metadata.name","operator":"In","values":["n1"]}""", "matchFields"), "node affinity (n2)" },
            { PodAffinity("podAntiAffinity", "kubernetes.io/hostname", "web"), "pod anti-affinity (n2)" },
            { PodAffinity("podAntiAffinity", "kubernetes.io/hostname", "other"), null },
            { PodAffinity("podAntiAffinity", "kubernetes.io/hostname", "web", ",\"namespaces\":[\"elsewhere\"]"), null },
            {
                PodAffinity("podAntiAffinity", "kubernetes.io/hostname", "web", ",\"namespaceSelector\":{}"),
                "pod anti-affinity (n2)"
            },
            {
                PodAffinity(
                    "podAntiAffinity",
                    "kubernetes.io/hostname",
                    "web",
                    ",\"namespaceSelector\":{\"matchLabels\":{\"team\":\"shop\"}}"
                ),
                "pod anti-affinity (n2)"
            },
            { PodAffinity("podAntiAffinity", "rack", "web"), null },
            { PodAffinity("podAffinity", "kubernetes.io/hostname", "web"), null },
            { PodAffinity("podAffinity", "kubernetes.io/hostname", "cache"), "pod affinity (n2)" },
            { PodAffinity("podAffinity", "rack", "web"), "pod affinity (n2)" },
            { """{"containers":[{"resources":{"requests":{"cpu":"1500m"}}}]}""", null },
            { """{"containers":[{"resources":{"requests":{"cpu":"1600m"}}}]}""", "not enough cpu (n2)" },
            { """{"containers":[{"resources":{"requests":{"memory":"5Gi"}}}]}""", "not enough memory (n2)" },
            { """{"containers":[{"ports":[{"containerPort":80,"hostPort":9100}]}]}""", "host port 9100 is in use (n2)" },
            { """{"containers":[{"ports":[{"containerPort":80,"hostPort":9100,"protocol":"UDP"}]}]}""", null },
        };

    [Theory]
    [MemberData(nameof(Placed))]
    public void Pod_needs_a_node_that_fulfils_its_required_rules(string spec, string? reason)
    {
        var neighbour = Pod(
            "web-2",
            "n2",
            """{"containers":[{"resources":{"requests":{"cpu":"500m"}},"ports":[{"containerPort":80,"hostPort":9100}]}]}"""
        );
        var obstacles = DrainCheck.Of(Cluster([Pod("web-1", "n1", spec), neighbour]), "n1").Obstacles;
        if (reason is null)
            Assert.Empty(obstacles);
        else
            Assert.Equal($"No other node accepts the pod: {reason}.", Assert.Single(obstacles).Problem);
    }

    [Fact]
    public void Anti_affinity_of_a_running_pod_keeps_others_away()
    {
        var neighbour = Pod("web-2", "n2", PodAffinity("podAntiAffinity", "kubernetes.io/hostname", "web"));
        Assert.Equal(
            "No other node accepts the pod: pod anti-affinity of shop/web-2 (n2).",
            Assert.Single(DrainCheck.Of(Cluster([Pod("web-1", "n1"), neighbour]), "n1").Obstacles).Problem
        );
        // Pods of the drained node leave with it, and pods that are being deleted leave too.
        var leaving = Pod("web-3", "n1", PodAffinity("podAntiAffinity", "kubernetes.io/hostname", "none"));
        neighbour["metadata"]!["deletionTimestamp"] = "2026-11-21T12:00:00Z";
        var budget = JsonNode.Parse(Budget(allowed: 1))!.AsObject();
        Assert.Empty(DrainCheck.Of(Cluster([Pod("web-1", "n1"), leaving, neighbour], budgets: [budget]), "n1").Obstacles);
    }

    [Fact]
    public void First_pod_of_a_group_may_be_near_its_own_group()
    {
        var pod = Pod("web-1", "n1", PodAffinity("podAffinity", "kubernetes.io/hostname", "web"));
        Assert.Empty(DrainCheck.Of(Cluster([pod]), "n1").Obstacles);
    }

    private static string Status() => """{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}""";

    private static string Budget(
        int allowed,
        int healthy = 2,
        int desired = 2,
        int observed = 2,
        string policy = "IfHealthyBudget"
    ) =>
        $$"""
            {"metadata":{"name":"web","namespace":"shop","generation":2},
             "spec":{"selector":{"matchLabels":{"app":"web"} },"unhealthyPodEvictionPolicy":"{{policy}}"},
             "status":{"observedGeneration":{{observed}},"disruptionsAllowed":{{allowed}},
                       "currentHealthy":{{healthy}},"desiredHealthy":{{desired}} } }
            """;

    private static string NodeAffinity(string rule, string field = "matchExpressions") =>
        $$"""
            {"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":
              {"nodeSelectorTerms":[{"{{field}}":[{{rule}}]} ]} } } }
            """;

    private static string PodAffinity(string kind, string topology, string app, string more = "") =>
        $$"""
            {"affinity":{"{{kind}}":{"requiredDuringSchedulingIgnoredDuringExecution":
              [{"topologyKey":"{{topology}}","labelSelector":{"matchLabels":{"app":"{{app}}"} }{{more}} }]} } }
            """;

    private static JsonObject Pod(
        string name,
        string node,
        string spec = "{}",
        string? status = null,
        string owner = "ReplicaSet"
    )
    {
        var body = JsonNode.Parse(spec)!.AsObject();
        body["nodeName"] = node;
        return new()
        {
            ["metadata"] = JsonNode.Parse(
                $$"""
                {"name":"{{name}}","namespace":"shop","labels":{"app":"web"},
                 "ownerReferences":[{"kind":"{{owner}}","uid":"1","controller":true}]}
                """
            ),
            ["spec"] = body,
            ["status"] = JsonNode.Parse(status ?? Status()),
        };
    }

    private static ClusterState Cluster(IReadOnlyList<JsonObject> pods, IReadOnlyList<JsonObject>? budgets = null) =>
        new()
        {
            Nodes =
            [
                .. new[] { "n1", "n2" }.Select(name => new NodeState(
                    name,
                    Ready: true,
                    Cordoned: false,
                    new Dictionary<string, string>
                    {
                        ["kubernetes.io/hostname"] = name,
                        ["disk"] = "ssd",
                        ["cores"] = "8",
                    },
                    []
                )
                {
                    Allocatable = new Dictionary<string, decimal> { ["cpu"] = 2, ["memory"] = 4L << 30 },
                }),
            ],
            Pods = pods,
            Budgets = budgets ?? [],
            Workloads = [],
            NamespaceLabels = new Dictionary<string, JsonObject> { ["shop"] = new() { ["team"] = "shop" } },
        };
}
