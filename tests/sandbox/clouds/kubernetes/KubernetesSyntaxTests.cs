using InfraCdktf.Sandbox.Clouds.Kubernetes;

namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes;

/// <summary>Quantities, names and labels as Kubernetes reads them.</summary>
[Trait("Level", "pure")]
public sealed class KubernetesSyntaxTests
{
    [Theory]
    [InlineData("1", "1000m")]
    [InlineData("0.5", "500m")]
    [InlineData("1Gi", "1024Mi")]
    [InlineData("1Gi", "1073741824")]
    [InlineData("1G", "1e9")]
    [InlineData("1k", "1000")]
    [InlineData("1.", "1")]
    [InlineData(".5", "500m")]
    [InlineData("+2", "2")]
    [InlineData("0.0000000001", "1n")] // smaller than a billionth: rounded up
    public void Quantity_in_another_notation_is_equal(string a, string b)
    {
        Assert.True(Quantity.TryParse(a, out var x), a);
        Assert.True(Quantity.TryParse(b, out var y), b);
        Assert.Equal(x, y);
    }

    [Theory]
    [InlineData("0.50", "500m")]
    [InlineData("8192Mi", "8Gi")]
    [InlineData("1000m", "1")]
    [InlineData("1500m", "1500m")]
    [InlineData("2000", "2k")]
    [InlineData("1e4", "10e3")]
    [InlineData("0.5Ki", "512")]
    [InlineData("-2048Ki", "-2Mi")]
    [InlineData("0", "0")]
    [InlineData("two", "two")]
    public void Quantity_is_answered_in_the_canonical_notation(string given, string answered) =>
        Assert.Equal(answered, Quantity.Canonical(given));

    [Theory]
    [InlineData("")]
    [InlineData("1 Gi")]
    [InlineData("1gi")]
    [InlineData("Gi")]
    [InlineData(".")]
    [InlineData("1K")]
    [InlineData("1Gi2")]
    [InlineData("1e")]
    [InlineData("1e999")]
    [InlineData("two")]
    [InlineData("1,5")]
    [InlineData("1\n")]
    public void Quantity_parser_refuses_an_invalid_text(string text) => Assert.False(Quantity.TryParse(text, out _));

    [Theory]
    [InlineData("pods", "a.b", true)]
    [InlineData("namespaces", "a.b", false)]
    [InlineData("namespaces", "a", true)]
    [InlineData("configmaps", "-a", false)]
    [InlineData("configmaps", "A", false)]
    [InlineData("configmaps", "a\n", false)]
    [InlineData("clusterroles", "system:Reader", true)]
    [InlineData("clusterroles", "a/b", false)]
    public void Object_name_is_checked_by_the_rule_of_its_kind(string plural, string name, bool right) =>
        Assert.Equal(right, Syntax.Name(plural, name) is null);

    [Fact]
    public void Object_name_has_a_maximum_length()
    {
        Assert.Null(Syntax.Label(new string('a', 63)));
        Assert.NotNull(Syntax.Label(new string('a', 64)));
        Assert.Null(Syntax.Subdomain(new string('a', 253)));
        Assert.NotNull(Syntax.Subdomain(new string('a', 254)));
    }

    [Theory]
    [InlineData("app.kubernetes.io/name", true)]
    [InlineData("a_b.C", true)]
    [InlineData("a/b/c", false)]
    [InlineData("Bad Key", false)]
    [InlineData("UPPER.io/x", false)]
    [InlineData("", false)]
    public void Label_key_must_be_a_qualified_name(string key, bool right) => Assert.Equal(right, Syntax.Key(key) is null);

    [Theory]
    [InlineData("kubernetes_network_policy_v1", "networkpolicies.networking.k8s.io")]
    [InlineData("kubernetes_namespace_v1", "namespaces")]
    [InlineData("kubernetes_ingress_class_v1", "ingressclasses.networking.k8s.io")]
    [InlineData("kubernetes_role_binding_v1", "rolebindings.rbac.authorization.k8s.io")]
    [InlineData("kubernetes_endpoints_v1", "endpoints")]
    [InlineData("kubernetes_horizontal_pod_autoscaler_v2", "horizontalpodautoscalers.autoscaling")]
    public void Kind_is_named_as_in_the_API(string type, string kind) => Assert.Equal(kind, Kind.Of(type).ToString());
}
