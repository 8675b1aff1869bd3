using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>
/// The parser refuses an object that it cannot evaluate, and names the field. It never skips a field: a skipped rule could allow
/// traffic.
/// </summary>
[Trait("Level", "pure")]
public sealed class PolicyParserTests
{
    private const string Head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\n";
    private const string CiliumHead =
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a, namespace: shop}\n";

    /// <summary>An object, and a text that the error must contain.</summary>
    public static TheoryData<string, string> Refused =>
        new()
        {
            { "apiVersion: projectcalico.org/v3\nkind: NetworkPolicy", "projectcalico.org/v3 NetworkPolicy" },
            { "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy", "CiliumClusterwideNetworkPolicy" },
            { "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy", "AdminNetworkPolicy" },
            { $"{Head}status: {{}}", ".status" },
            { $"{Head}spec: {{podSelectors: {{}}}}", "spec.podSelectors" },
            { $"{Head}spec: {{policyTypes: [ingress]}}", "\"ingress\"" },
            { $"{Head}spec: {{podSelector: {{app: web}}}}", "spec.podSelector.app" },
            { $"{Head}spec: {{podSelector: {{matchLabels: {{app: 1}}}}}}", "matchLabels.app" },
            { $"{Head}spec: {{podSelector: {{matchLabels: {{app: }}}}}}", "matchLabels.app" },
            { $"{Head}spec: {{podSelector: {{matchLabels: {{app: \"${{var.app}}\"}}}}}}", "${var.app}" },
            { $"{Head}spec: {{podSelector: {{matchExpressions: [{{key: a, operator: Equals, values: [b]}}]}}}}", "Equals" },
            { $"{Head}spec: {{podSelector: {{matchExpressions: [{{key: a, operator: In}}]}}}}", "matchExpressions[0]" },
            {
                $"{Head}spec: {{podSelector: {{matchExpressions: [{{key: a, operator: Exists, values: [b]}}]}}}}",
                "matchExpressions[0]"
            },
            { $"{Head}spec: {{ingress: {{}}}}", "spec.ingress" },
            { $"{Head}spec: {{ingress: [{{to: []}}]}}", "ingress[0].to" },
            { $"{Head}spec: {{ingress: [{{from: [{{}}]}}]}}", "ingress[0].from[0]" },
            {
                $"{Head}spec: {{ingress: [{{from: [{{ipBlock: {{cidr: 10.0.0.0/8}}, podSelector: {{}}}}]}}]}}",
                "ipBlock beside a selector"
            },
            { $"{Head}spec: {{ingress: [{{from: [{{ipBlock: {{cidr: 10.0.0.0/33}}}}]}}]}}", "\"10.0.0.0/33\"" },
            { $"{Head}spec: {{ingress: [{{from: [{{ipBlock: {{cidr: 010.0.0.0/8}}}}]}}]}}", "\"010.0.0.0/8\"" },
            { $"{Head}spec: {{ingress: [{{from: [{{ipBlock: {{cidr: 10.0/16}}}}]}}]}}", "\"10.0/16\"" },
            { $"{Head}spec: {{ingress: [{{from: [{{ipBlock: {{cidr: '::ffff:10.0.0.0/104'}}}}]}}]}}", "::ffff:10.0.0.0/104" },
            { $"{Head}spec: {{ingress: [{{from: [{{ipBlock: {{cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}}}]}}]}}", "11.0.0.0/16" },
            {
                $"{Head}spec: {{ingress: [{{from: [{{ipBlock: {{cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}}}]}}]}}",
                "ipBlock.except"
            },
            { $"{Head}spec: {{ingress: [{{from: [{{serviceAccount: web}}]}}]}}", "from[0].serviceAccount" },
            { $"{Head}spec: {{egress: [{{ports: [{{port: 0}}]}}]}}", "port 0" },
            { $"{Head}spec: {{egress: [{{ports: [{{port: 65536}}]}}]}}", "port 65536" },
            { $"{Head}spec: {{egress: [{{ports: [{{port: 10, endPort: 9}}]}}]}}", "endPort 9" },
            { $"{Head}spec: {{egress: [{{ports: [{{endPort: 9}}]}}]}}", "ports[0].port" },
            { $"{Head}spec: {{egress: [{{ports: [{{port: web, endPort: 90}}]}}]}}", "\"web\"" },
            { $"{Head}spec: {{egress: [{{ports: [{{port: '80'}}]}}]}}", "\"80\"" },
            { $"{Head}spec: {{egress: [{{ports: [{{protocol: ICMP}}]}}]}}", "ICMP" },
            { $"{CiliumHead}spec: {{egress: [{{toEntities: [host]}}]}}", "endpointSelector" },
            { $"{CiliumHead}spec: {{endpointSelector: {{}}}}", "spec.egress" },
            { $"{CiliumHead}spec: {{endpointSelector: {{}}, ingress: [{{fromEntities: [all]}}]}}", "spec.ingress" },
            { $"{CiliumHead}spec: {{endpointSelector: {{}}, egressDeny: [{{toEntities: [host]}}]}}", "spec.egressDeny" },
            { $"{CiliumHead}spec: {{endpointSelector: {{}}, egress: [{{toEntities: [world]}}]}}", "\"world\"" },
            { $"{CiliumHead}spec: {{endpointSelector: {{}}, egress: [{{toEndpoints: [{{}}]}}]}}", "toEndpoints" },
            { $"{CiliumHead}spec: {{endpointSelector: {{}}, egress: [{{toFQDNs: [{{matchName: example.com}}]}}]}}", "toFQDNs" },
            { $"{CiliumHead}spec: {{endpointSelector: {{}}, egress: [{{toEntities: []}}]}}", "toEntities" },
            {
                $"{CiliumHead}spec: {{endpointSelector: {{}}, egress: [{{toEntities: [host], "
                    + "toPorts: [{ports: [{port: '80'}], rules: {http: []}}]}]}",
                "rules"
            },
            {
                $"{CiliumHead}spec: {{endpointSelector: {{}}, egress: [{{toEntities: [host], "
                    + "toPorts: [{ports: [{port: web}]}]}]}",
                "\"web\""
            },
            {
                $"{CiliumHead}spec: {{endpointSelector: {{matchLabels: {{'k8s:app': web}}}}, egress: [{{toEntities: [host]}}]}}",
                "k8s:app"
            },
            {
                $"{CiliumHead}spec: {{endpointSelector: {{matchLabels: {{io.kubernetes.pod.namespace: x}}}}, "
                    + "egress: [{toEntities: [host]}]}",
                "io.kubernetes.pod.namespace"
            },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Parser_refuses_an_invalid_or_unknown_field_and_names_it(string policy, string named)
    {
        var problem = Assert.Throws<PipelineException>(() =>
            PolicyParser.Parse(Assert.Single(YamlObjects.Parse(policy)), "here.yaml")
        );

        Assert.StartsWith("here.yaml", problem.Message, StringComparison.Ordinal);
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
        Assert.Contains("allowed: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parser_reads_JSON_and_YAML_of_one_object_the_same_way()
    {
        const string Yaml =
            $"{Head}spec: {{podSelector: {{matchLabels: {{on: \"1\"}}}}, "
            + "egress: [{ports: [{port: 53, protocol: UDP}, {port: web}], to: []}]}";
        const string Json = """
            {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a","namespace":"shop"},
            "spec":{"podSelector":{"matchLabels":{"on":"1"}},
            "egress":[{"ports":[{"port":53,"protocol":"UDP"},{"port":"web"}],"to":[]}]}}
            """;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Json), Assert.Single(YamlObjects.Parse($"---\n{Yaml}\n---\n"))));
    }

    [Fact]
    public void Parser_refuses_invalid_YAML_and_names_the_line() =>
        Assert.Contains(
            "Line 2",
            Assert.Throws<PipelineException>(() => YamlObjects.Parse("a: b\n}: c")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Policy_without_a_namespace_is_in_the_default_namespace() =>
        Assert.Equal(
            "default/a",
            PolicyParser
                .Parse(Assert.Single(YamlObjects.Parse(Head.Replace(", namespace: shop", "") + "spec: {}")), "here")
                .ToString()
        );
}
