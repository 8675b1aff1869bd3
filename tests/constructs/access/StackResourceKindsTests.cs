using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.SecretV1;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Access;

/// <summary>An environment's stack refuses a kind of object if its pipeline must not have rights to that kind.</summary>
[Trait("Level", "synthesized")]
public sealed class StackResourceKindsTests
{
    [Fact]
    public void Secret_in_an_environment_stack_is_refused_with_its_path() =>
        Refused(
            "shop/token: given kubernetes_secret_v1",
            stack => new SecretV1(stack, "token", new SecretV1Config { Metadata = new SecretV1Metadata { Name = "token" } })
        );

    [Theory]
    [InlineData("Secret")]
    [InlineData("ClusterRole")]
    [InlineData("ValidatingAdmissionPolicy")]
    public void Forbidden_kind_in_a_manifests_chart_is_refused(string kind) =>
        Refused(
            $"shop/objects: given {kind};",
            stack => new Manifests(
                stack,
                "objects",
                new()
                {
                    Name = "objects",
                    Namespace = "shop",
                    Objects = [new() { ["kind"] = kind }],
                }
            )
        );

    [Fact]
    public void Third_party_chart_in_an_environment_stack_is_refused() =>
        Refused(
            "shop/cache/release: given helm_release",
            stack => new HelmRelease(
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
            )
        );

    private static void Refused(string expected, Action<TerraformStack> fill) =>
        Assert.Contains(
            expected,
            SynthesizedPlatform.Construct(() =>
            {
                var stack = new TerraformStack(new App(), "shop");
                fill(stack);
                return Assert.Throws<InvalidOperationException>(() => StackResourceKinds.Of(stack)).Message;
            }),
            StringComparison.Ordinal
        );
}
