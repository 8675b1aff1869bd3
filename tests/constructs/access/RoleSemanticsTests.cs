using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Access;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Pipeline.Reachability;

namespace InfraCdktf.Tests.Constructs.Access;

/// <summary>
/// The evaluator decides as Kubernetes documents it ("Using RBAC Authorization"). It reads the synthesized objects, and names an
/// object that it cannot evaluate.
/// </summary>
[Trait("Level", "pure")]
public sealed class RoleSemanticsTests
{
    private const string Namespace = """
        "kubernetes_namespace_v1": {"n": {"metadata": {"name": "shop"}}}
        """;

    private const string Reader = """
        "kubernetes_cluster_role_v1": {
          "r": {"metadata": {"name": "reader"}, "rule": [{"api_groups": [""], "resources": ["pods"], "verbs": ["get"]}]}
        }
        """;

    private const string Metadata = "\"metadata\": {\"name\": \"a\", \"namespace\": \"shop\"}";

    private const string Jane = "system:serviceaccount:shop-access:jane";

    /// <summary>A rule, a request, and whether the rule allows the request.</summary>
    public static TheoryData<string, string, bool> Cases =>
        new()
        {
            // groups | resources | names | verbs        verb group resource name
            { "|pods||get", "get||pods|", true },
            { "|pods||get", "get||pods|a", true },
            { "|pods||get", "list||pods|", false },
            { "|pods||get", "get|metrics.k8s.io|pods|", false },
            { "|pods||get", "get||pods/log|a", false },
            { "|pods/log||get", "get||pods|a", false },
            { "|pods,services||get,list", "list||services|", true },
            { "apps,batch|jobs||create", "create|batch|jobs|", true },
            // resourceNames match only requests that name one of them. A list and a create (but of a subresource) name no object.
            { "|configmaps|a,b|get", "get||configmaps|b", true },
            { "|configmaps|a,b|get", "get||configmaps|c", false },
            { "|configmaps|a|list", "list||configmaps|", false },
            { "|configmaps|a|create", "create||configmaps|", false },
            { "|serviceaccounts/token|a|create", "create||serviceaccounts/token|a", true },
            { "|serviceaccounts/token|a|create", "create||serviceaccounts/token|b", false },
            // "*" matches every value of its list; "*/scale" matches one subresource of all resources.
            { "*|pods||get", "get|apps|pods|", true },
            { "|*||get", "get||pods/exec|a", true },
            { "|*||get", "get|apps|deployments|", false },
            { "|pods||*", "delete||pods|a", true },
            { "apps|*/scale||patch", "patch|apps|deployments/scale|a", true },
            { "apps|*/scale||patch", "patch|apps|deployments|a", false },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rule_allows_exactly_the_matching_requests(string rule, string request, bool allowed)
    {
        var (parts, asked) = (rule.Split('|'), request.Split('|'));
        var written = new RoleRule(parts[0].Split(','), List(parts[1]), List(parts[2]), List(parts[3]));
        Assert.Equal(
            allowed,
            written.Allows(new(asked[0], asked[1], asked[2]) { Name = asked[3].Length == 0 ? null : asked[3] })
        );
    }

    [Fact]
    public void Binding_grants_in_its_namespace_cluster_binding_everywhere()
    {
        var get = new AccessRequest("get", "", "pods");
        var inShop = Parse(Namespace, Reader, Binding("kubernetes_role_binding_v1", "\"namespace\": \"shop\", "));
        Assert.True(inShop.Allows(Jane, get with { Namespace = "shop" }));
        Assert.False(inShop.Allows(Jane, get with { Namespace = "other" }));
        Assert.False(inShop.Allows(Jane, get));
        Assert.False(inShop.Allows("system:serviceaccount:shop:jane", get with { Namespace = "shop" }));

        var everywhere = Parse(Namespace, Reader, Binding("kubernetes_cluster_role_binding_v1", ""));
        Assert.True(everywhere.Allows(Jane, get with { Namespace = "other" }));
        Assert.True(everywhere.Allows(Jane, get));
    }

    [Theory]
    [InlineData("system:authenticated", true)]
    [InlineData("system:serviceaccounts", true)]
    [InlineData("system:serviceaccounts:shop-access", true)]
    [InlineData("system:serviceaccounts:shop", false)]
    [InlineData("system:masters", false)]
    public void Service_account_is_in_the_groups_that_Kubernetes_assigns(string group, bool isIn) =>
        Assert.Equal(
            isIn,
            Parse(
                    Namespace,
                    Reader,
                    Binding("kubernetes_cluster_role_binding_v1", "", $"\"kind\": \"Group\", \"name\": \"{group}\"")
                )
                .Allows(Jane, new("get", "", "pods"))
        );

    [Fact]
    public void Roles_of_a_manifests_chart_get_the_namespace_of_the_release()
    {
        const string Release = """"
            "helm_release": {"r": {"namespace": "${kubernetes_namespace_v1.n.metadata[0].name}", "values": ["{\"manifests\":[
              {\"kind\":\"Role\",\"metadata\":{\"name\":\"a\"},
               \"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"get\"]}]},
              {\"kind\":\"RoleBinding\",\"metadata\":{\"name\":\"a\"},
               \"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"a\"},
               \"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"jane\",\"namespace\":\"shop-access\"}]}
            ]}"]}}
            """";
        var rights = Parse(Namespace, Release.ReplaceLineEndings(""));
        Assert.True(rights.Allows(Jane, new("get", "", "pods") { Namespace = "shop" }));
        Assert.False(rights.Allows(Jane, new("get", "", "pods") { Namespace = "default" }));
    }

    /// <summary>Resources, and a text that the error must contain.</summary>
    public static TheoryData<string, string> Refused =>
        new()
        {
            { Binding("kubernetes_cluster_role_binding_v1", "", role: "view"), "given ClusterRole \"view\"" },
            { Binding("kubernetes_role_binding_v1", ""), "metadata.namespace" },
            { Binding("kubernetes_role_binding_v1", "\"namespace\": \"${var.space}\", "), "${var.space}" },
            { Binding("kubernetes_cluster_role_binding_v1", "", "\"kind\": \"ServiceAccount\", \"name\": \"a\""), "namespace" },
            { Binding("kubernetes_cluster_role_binding_v1", "", "\"kind\": \"Robot\", \"name\": \"a\""), "Robot" },
            { "\"kubernetes_cluster_role\": {\"r\": {}}", "kubernetes_cluster_role_v1" },
            { $"\"kubernetes_role_v1\": {{\"r\": {{{Metadata}, \"aggregation_rule\": {{\"x\": 1}}}}}}", "aggregationRule" },
            {
                $"\"kubernetes_role_v1\": {{\"r\": {{{Metadata}, \"rule\": [{{\"verbs\": [\"${{var.verb}}\"]}}]}}}}",
                "${var.verb}"
            },
            {
                $"\"kubernetes_role_v1\": {{\"r\": {{{Metadata}}}, \"s\": {{{Metadata}}}}}",
                "given by stack: kubernetes_role_v1.r and stack: kubernetes_role_v1.s"
            },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Parser_names_the_object_that_it_cannot_evaluate(string resources, string named) =>
        Assert.Contains(
            named,
            Assert.Throws<PipelineException>(() => Parse(Namespace, Reader, resources)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Parser_reads_the_roles_and_bindings_of_the_snapshots() =>
        Assert.NotEmpty(SynthesizedRights.Parse(ShippedPolicies.Stacks()).Grants);

    private static string Binding(
        string type,
        string space,
        string subject = "\"kind\": \"ServiceAccount\", \"name\": \"jane\", \"namespace\": \"shop-access\"",
        string role = "reader"
    ) =>
        $"\"{type}\": {{\"b\": {{\"metadata\": {{{space}\"name\": \"b\"}}, "
        + $"\"role_ref\": {{\"api_group\": \"rbac.authorization.k8s.io\", \"kind\": \"ClusterRole\", \"name\": \"{role}\"}}, "
        + $"\"subject\": [{{{subject}}}]}}}}";

    private static string[] List(string text) => text.Length == 0 ? [] : text.Split(',');

    private static AccessRights Parse(params string[] resources) =>
        SynthesizedRights.Parse(
            new Dictionary<string, JsonObject>
            {
                ["stack"] = JsonNode.Parse($"{{\"resource\": {{{string.Join(", ", resources)}}}}}")!.AsObject(),
            }
        );
}
