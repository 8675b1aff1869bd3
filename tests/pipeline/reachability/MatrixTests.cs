using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>The matrix of a small cluster.</summary>
[Trait("Level", "pure")]
public sealed class MatrixTests
{
    private static readonly Cluster s_cluster = new()
    {
        Namespaces = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["shop"] = Cluster.LabelsOf("shop"),
            ["bank"] = Cluster.LabelsOf("bank"),
        },
        Policies =
        [
            .. YamlObjects
                .Parse(
                    """
                    apiVersion: networking.k8s.io/v1
                    kind: NetworkPolicy
                    metadata: {name: web, namespace: shop}
                    spec:
                      podSelector: {}
                      policyTypes: [Ingress, Egress]
                      ingress:
                      - ports: [{port: 80}, {port: 81, endPort: 89}, {port: metrics}]
                        from: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
                    """
                )
                .Select(policy => PolicyParser.Parse(policy, "web.yaml")),
        ],
    };

    [Fact]
    public void Landscape_has_all_endpoints_and_ports_the_rules_distinguish()
    {
        var landscape = Landscape.Of(s_cluster);

        Assert.Equal(
            [
                "bank/plain",
                "bank/web",
                "bank/port-metrics",
                "shop/plain",
                "shop/web",
                "shop/port-metrics",
                "kube-apiserver",
                "host",
                "remote-node",
                "10.0.0.0/8",
                "10.1.0.0/16",
                "outside",
                "outside-ipv6",
            ],
            landscape.Endpoints.Select(endpoint => endpoint.Title)
        );
        Assert.Equal(
            ["TCP 1-79", "TCP 80", "TCP 81-89", "TCP 90-9463", "TCP 9464", "TCP 9465-65535", "UDP all", "SCTP all"],
            landscape.Ports.Select(range => range.ToString())
        );
    }

    [Fact]
    public void Matrix_text_marks_all_some_none_and_joins_port_ranges()
    {
        var landscape = Landscape.Of(s_cluster);
        var endpoints = landscape
            .Endpoints.Where(endpoint => endpoint.Title is "bank/plain" or "shop/web" or "10.0.0.0/8" or "10.1.0.0/16")
            .ToList();

        Assert.Equal(
            """
                           1 2 3 4
            1  bank/plain  # . # #
            2  shop/web    . . . .
            3  10.0.0.0/8  # +    
            4  10.1.0.0/16 # .    

            bank/plain -> bank/plain: all
            bank/plain -> 10.0.0.0/8: all
            bank/plain -> 10.1.0.0/16: all
            10.0.0.0/8 -> bank/plain: all
            10.0.0.0/8 -> shop/web: TCP 80-89, TCP 9464
            10.1.0.0/16 -> bank/plain: all

            """,
            Matrix.Of(s_cluster, endpoints, landscape.Ports).ToText()
        );
    }

    [Fact]
    public void Summary_has_a_row_per_namespace_and_names_partial_pods() =>
        Assert.Equal(
            """
                            bank
                            | shop
                            | | kube-apiserver
                            | | | host
                            | | | | remote-node
                            | | | | | 10.0.0.0/8
                            | | | | | | 10.1.0.0/16
                            | | | | | | | outside
                            | | | | | | | | outside-ipv6
            bank            # . # # # # # # #
            shop            . . . . . . . . .
            kube-apiserver  # .              
            host            # .              
            remote-node     # .              
            10.0.0.0/8      # +              
            10.1.0.0/16     # .              
            outside         # .              
            outside-ipv6    # .              

            bank -> bank: all
            bank -> kube-apiserver: all
            bank -> host: all
            bank -> remote-node: all
            bank -> 10.0.0.0/8: all
            bank -> 10.1.0.0/16: all
            bank -> outside: all
            bank -> outside-ipv6: all
            all machines and ranges -> bank: all
            10.0.0.0/8 -> shop: TCP 80-89 (* -> plain)
            10.0.0.0/8 -> shop: TCP 80-89, TCP 9464 (* -> * but plain)

            """,
            MatrixSummary.Text(Matrix.Of(s_cluster))
        );

    [Fact]
    public void Matrix_JSON_has_the_flows_of_the_text()
    {
        var landscape = Landscape.Of(s_cluster);
        var endpoints = landscape.Endpoints.Where(endpoint => endpoint.Title is "shop/port-metrics" or "10.0.0.0/8").ToList();

        Assert.Equal(
            """{"endpoints":["shop/port-metrics","10.0.0.0/8"],"flows":["""
                + """{"from":"10.0.0.0/8","to":"shop/port-metrics","ports":["TCP 80-89","TCP 9464"]}]}""",
            Matrix.Of(s_cluster, endpoints, landscape.Ports).ToJson().ToJsonString()
        );
    }

    [Fact]
    public void Pair_keeps_its_egress_and_ingress_ports_separate()
    {
        var pair = Matrix.Of(s_cluster).Pairs.Single(pair => (pair.From.Title, pair.To.Title) == ("shop/web", "shop/plain"));

        Assert.Equal(("none", "none", "TCP 80-89"), (pair.Text, PortRange.Text(pair.Egress), PortRange.Text(pair.Ingress)));
    }

    [Fact]
    public void Evaluator_lists_the_namespaces_if_a_pod_has_an_unknown_one()
    {
        var pod = new Pod { Namespace = "shpo", Name = "web" };

        var problem = Assert.Throws<PipelineException>(() =>
            new Evaluator(s_cluster).Evaluate(pod, new Machine(Entity.Host), new(80))
        );

        Assert.Contains("\"shpo\"", problem.Message, StringComparison.Ordinal);
        Assert.Contains("bank, shop", problem.Message, StringComparison.Ordinal);
    }
}
