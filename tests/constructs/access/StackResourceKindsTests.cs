using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.SecretV1;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Kubernetes;

namespace InfraCdktf.Tests.Constructs.Access;

/// <summary>An environment's stack refuses a kind of object if its pipeline must not have rights to that kind.</summary>
[Trait("Level", "synthesized")]
[Collection("synth")]
public sealed class StackResourceKindsTests
{
    [Fact]
    public void Secret_in_an_environment_stack_is_refused_with_its_path()
    {
        var stack = new TerraformStack(new App(), "shop");
        _ = new SecretV1(stack, "token", new SecretV1Config { Metadata = new SecretV1Metadata { Name = "token" } });

        Refused("shop/token: given kubernetes_secret_v1", stack);
    }

    [Theory]
    [InlineData("Secret")]
    [InlineData("ClusterRole")]
    [InlineData("ValidatingAdmissionPolicy")]
    public void Forbidden_kind_in_a_manifests_chart_is_refused(string kind)
    {
        var stack = new TerraformStack(new App(), "shop");
        _ = new Manifests(
            stack,
            "objects",
            new()
            {
                Name = "objects",
                Namespace = "shop",
                Objects = [new() { ["kind"] = kind }],
            }
        );

        Refused($"shop/objects: given {kind};", stack);
    }

    [Fact]
    public void Third_party_chart_in_an_environment_stack_is_refused()
    {
        var stack = new TerraformStack(new App(), "shop");
        _ = new HelmRelease(
            stack,
            "cache",
            new()
            {
                Name = "cache",
                Chart = new("cache", "https://charts.example.com", "1.0.0"),
                Namespace = "shop",
                Values = [],
                TimeoutSeconds = 600,
            }
        );

        Refused("shop/cache/release: given helm_release", stack);
    }

    private static void Refused(string expected, TerraformStack stack) =>
        Assert.Contains(
            expected,
            Assert.Throws<InvalidOperationException>(() => StackResourceKinds.Of(stack)).Message,
            StringComparison.Ordinal
        );
}
