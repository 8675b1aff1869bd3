using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Kubernetes;

/// <summary>The providers of the Kubernetes stacks.</summary>
[Trait("Level", "synthesized")]
public sealed class KubernetesProvidersTests(SynthesizedPlatform platform)
{
    private IEnumerable<SynthesizedStack> Stacks =>
        platform.Shipped.Stacks.Values.Where(stack => stack.Json["provider"]!["helm"] is not null);

    [Fact]
    public void Helm_stores_its_releases_in_ConfigMaps() =>
        Assert.All(
            Stacks,
            stack => Assert.Equal("configmap", stack.Json["provider"]!["helm"]![0]!["helm_driver"]!.GetValue<string>())
        );

    [Fact]
    public void Provider_configuration_contains_no_credential()
    {
        Assert.NotEmpty(Stacks);
        // Both providers read the kubeconfig from KUBE_CONFIG_PATH.
        Assert.All(
            Stacks,
            stack =>
                Assert.Equal(
                    """{"helm":[{"helm_driver":"configmap"}],"kubernetes":[{}]}""",
                    stack.Json["provider"]!.ToJsonString()
                )
        );
    }
}
