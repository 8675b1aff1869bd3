using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>Reading the cluster from the JSON of Terraform.</summary>
[Trait("Level", "pure")]
public sealed class SynthesizedClusterTests
{
    private const string Namespace = """
        "kubernetes_namespace_v1": {"shop_namespace": {"metadata": {"name": "shop", "labels": {"team": "shop"}}}}
        """;

    [Fact]
    public void Policy_resolves_the_namespace_reference_of_its_stack()
    {
        var cluster = Parse($"{Namespace}, {Policy("${kubernetes_namespace_v1.shop_namespace.metadata[0].name}")}");

        var policy = Assert.Single(cluster.Policies);
        Assert.Equal(("shop", "a", "NetworkPolicy"), (policy.Namespace, policy.Name, policy.Kind));
        Assert.Equal("stack: kubernetes_network_policy_v1.p", policy.Source);
        Assert.Equal("shop", cluster.Namespaces["shop"]["team"]);
        Assert.Equal("shop", cluster.Namespaces["shop"][Cluster.NamespaceName]);
        Assert.Equal("kube-system", cluster.Namespaces["kube-system"][Cluster.NamespaceName]);
    }

    [Fact]
    public void Parser_reads_blocks_as_objects_or_lists_and_ports_as_text()
    {
        const string Objects = """
            "pod_selector": {"match_expressions": {"key": "app", "operator": "In", "values": ["a"]}},
            "ingress": {"from": {"ip_block": {"cidr": "10.0.0.0/8"}}, "ports": {"port": "80", "end_port": 90, "protocol": "UDP"}}
            """;
        const string Lists = """
            "pod_selector": [{"match_labels": {}, "match_expressions": [{"key": "app", "operator": "In", "values": ["a"]}]}],
            "ingress": [{
              "from": [{"ip_block": [{"cidr": "10.0.0.0/8", "except": []}]}],
              "ports": [{"port": "80", "end_port": 90, "protocol": "UDP"}]
            }],
            "egress": []
            """;

        foreach (var body in new[] { Objects, Lists })
        {
            var policy = Assert.Single(Parse($"{Namespace}, {Policy("shop", $"{body}, \"policy_types\": []")}").Policies);
            Assert.Equal("app=a", policy.Pods.ToString());
            Assert.Equal([Direction.Ingress], policy.Isolates);
            var rule = Assert.Single(policy.Ingress);
            Assert.Equal("10.0.0.0/8", Assert.IsType<Peer.Addresses>(Assert.Single(rule.Peers)).Block.ToString());
            Assert.Equal(new RulePort.Numbers(Protocol.Udp, 80, 90), Assert.Single(rule.Ports));
            Assert.Empty(policy.Egress);
        }
    }

    [Fact]
    public void Empty_selector_matches_all_and_unset_values_are_absent()
    {
        const string Spec = """
            "pod_selector": {}, "policy_types": ["Ingress"],
            "ingress": [{
              "from": [{"namespace_selector": {}, "pod_selector": []}],
              "ports": [{"port": "", "end_port": 0, "protocol": ""}]
            }]
            """;

        var rule = Assert.Single(Assert.Single(Parse($"{Namespace}, {Policy("shop", Spec)}").Policies).Ingress);

        Assert.Equal(
            (Selector.Everything.ToString(), null),
            Assert.IsType<Peer.InCluster>(Assert.Single(rule.Peers)) is var peer
                ? (peer.Namespaces?.ToString(), peer.Pods)
                : default
        );
        Assert.Equal(new RulePort.Every(Protocol.Tcp), Assert.Single(rule.Ports));
    }

    [Fact]
    public void Policies_of_a_manifests_chart_get_the_release_namespace()
    {
        const string Releases = """
            "helm_release": {"r": {"namespace": "${kubernetes_namespace_v1.shop_namespace.metadata[0].name}", "values": [
              "{\"manifests\":[
                {\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"NetworkPolicy\",\"metadata\":{\"name\":\"a\"},\"spec\":{}},
                {\"kind\":\"ConfigMap\",\"data\":{\"x\":\"$${y}\"}},
                {\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"more\",\"labels\":{\"l\":\"v\"}}}
              ]}"
            ]}, "other": {"values": ["{\"replicas\":2}", "replicas: 3"]}}
            """;
        var cluster = Parse($"{Namespace}, {Releases.ReplaceLineEndings("")}");

        Assert.Equal("shop/a", Assert.Single(cluster.Policies).ToString());
        Assert.Equal("v", cluster.Namespaces["more"]["l"]);
    }

    [Fact]
    public void Subnets_of_the_private_network_are_named_by_their_labels() =>
        Assert.Equal(
            "10.1.0.0/24",
            Parse(
                """
                "linode_vpc_subnet": {"s": {"label": "store", "ipv4": "10.1.0.0/24"}}
                """
            )
                .Ranges["store"]
                .ToString()
        );

    /// <summary>Resources, and a text that the error must contain.</summary>
    public static TheoryData<string, string> Refused =>
        new()
        {
            { Policy("${kubernetes_namespace_v1.gone.metadata[0].name}"), "${kubernetes_namespace_v1.gone.metadata[0].name}" },
            { Policy("${var.namespace}"), "${var.namespace}" },
            { Policy("nowhere"), "given namespace \"nowhere\"" },
            { Policy("shop", "\"pod_selector\": {\"match_labels\": {\"a\": \"${var.a}\"}}"), "${var.a}" },
            { Policy("shop", "\"pod_selector\": {}, \"dynamic\": {}"), "spec.dynamic" },
            { Policy("shop").Replace("\"spec\"", "\"for_each\": [], \"count\": 2, \"spec\""), "count" },
            { "\"kubernetes_network_policy\": {\"p\": {}}", "kubernetes_network_policy" },
            { "\"kubernetes_manifest\": {\"p\": {}}", "kubernetes_manifest" },
            {
                "\"helm_release\": {\"r\": {\"values\": [\"{\\\"manifests\\\":["
                    + "{\\\"apiVersion\\\":\\\"crd.projectcalico.org/v1\\\","
                    + "\\\"kind\\\":\\\"GlobalNetworkPolicy\\\",\\\"metadata\\\":{\\\"name\\\":\\\"g\\\"}}]}\"]}}",
                "GlobalNetworkPolicy"
            },
            { "\"helm_release\": {\"r\": {\"values\": [\"manifests: ${jsonencode(var.x)}\"]}}", "literal JSON" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Parser_names_a_value_that_is_unknown_before_Terraform_runs(string resources, string named)
    {
        var problem = Assert.Throws<PipelineException>(() => Parse($"{Namespace}, {resources}"));

        Assert.StartsWith("stack: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parser_reports_all_problems_in_one_error()
    {
        const string Other = "\"q\": {\"metadata\": {\"name\": \"q\", \"namespace\": \"${var.two}\"}, \"spec\": {}}, ";
        var two = Policy("${var.one}").Replace("\"p\": ", $"{Other}\"p\": ");
        var problem = Assert.Throws<PipelineException>(() => Parse($"{Namespace}, {two}"));

        Assert.Contains("${var.one}", problem.Message, StringComparison.Ordinal);
        Assert.Contains("${var.two}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parser_refuses_two_policies_of_the_same_name()
    {
        var stack = JsonNode.Parse($"{{\"resource\": {{{Namespace}, {Policy("shop")}}}}}")!.AsObject();
        var other = JsonNode.Parse($"{{\"resource\": {{{Policy("shop")}}}}}")!.AsObject();

        var problem = Assert.Throws<PipelineException>(() =>
            SynthesizedCluster.Parse(new Dictionary<string, JsonObject> { ["one"] = stack, ["two"] = other })
        );

        Assert.Contains(
            "one: kubernetes_network_policy_v1.p and two: kubernetes_network_policy_v1.p",
            problem.Message,
            StringComparison.Ordinal
        );
    }

    private static string Policy(string space, string spec = "\"pod_selector\": {}") =>
        "\"kubernetes_network_policy_v1\": {\"p\": {\"//\": {}, \"metadata\": {\"name\": \"a\", \"namespace\": \""
        + space
        + "\"}, \"spec\": {"
        + spec
        + "}}}";

    private static Cluster Parse(string resources) =>
        SynthesizedCluster.Parse(
            new Dictionary<string, JsonObject> { ["stack"] = JsonNode.Parse($"{{\"resource\": {{{resources}}}}}")!.AsObject() }
        );
}
