using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.SecretV1;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Kubernetes;

namespace InfraCdktf.Tests.Constructs.Access;

/// <summary>What an environment's pipeline may not hold the rights to is not let into its stack.</summary>
[Trait("Level", "synthesized")]
[Collection("synth")]
public sealed class StackKindsTests
{
    [Fact]
    public void A_secret_in_an_environments_stack_is_refused_with_its_place()
    {
        var stack = new TerraformStack(new App(), "shop");
        _ = new SecretV1(stack, "token", new SecretV1Config { Metadata = new SecretV1Metadata { Name = "token" } });

        Refused("shop/token: given kubernetes_secret_v1", stack);
    }

    [Theory]
    [InlineData("Secret")]
    [InlineData("ClusterRole")]
    [InlineData("ValidatingAdmissionPolicy")]
    public void So_is_an_object_of_the_manifests_chart(string kind)
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
    public void So_is_somebody_elses_chart_whose_objects_nobody_can_list()
    {
        var stack = new TerraformStack(new App(), "shop");
        _ = new HelmRelease(
            stack,
            "cache",
            new()
            {
                Service = new()
                {
                    Name = "cache",
                    Chart = new("cache", "https://charts.example.com", "1.0.0"),
                    Namespace = "shop",
                    Values = [],
                },
            }
        );

        Refused("shop/cache/release: given helm_release", stack);
    }

    private static void Refused(string said, TerraformStack stack) =>
        Assert.Contains(
            said,
            Assert.Throws<InvalidOperationException>(() => StackResourceKinds.Of(stack)).Message,
            StringComparison.Ordinal
        );
}
