using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Helm.Provider;
using HashiCorp.Cdktf.Providers.Kubernetes.Provider;
using HashiCorp.Cdktf.Providers.Linode.Provider;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>The providers, each pinned exactly. No credential ever stands in the synthesized JSON: they read them from the environment.</summary>
public static class Providers
{
    /// <summary>Linode's; the token comes from LINODE_TOKEN: as a variable it would be stored in every saved plan (measured).</summary>
    public static LinodeProvider Linode(TerraformStack stack) =>
        // Tiers and locks are part of the beta API only.
        new(stack, "linode", new LinodeProviderConfig { ApiVersion = "v4beta" });

    /// <summary>The Kubernetes provider; the kubeconfig comes from KUBE_CONFIG_PATH.</summary>
    public static KubernetesProvider Kubernetes(TerraformStack stack) => new(stack, "kubernetes", new KubernetesProviderConfig());

    /// <summary>
    /// The Helm provider; the kubeconfig comes from KUBE_CONFIG_PATH. Releases are stored in ConfigMaps, so that no identity of the
    /// pipeline has to read Secrets.
    /// </summary>
    public static HelmProvider Helm(TerraformStack stack) =>
        new(stack, "helm", new HelmProviderConfig { HelmDriver = "configmap" });
}
