using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Helm.Provider;
using HashiCorp.Cdktf.Providers.Kubernetes.Provider;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>
/// The providers of a Kubernetes stack. Both read the kubeconfig from KUBE_CONFIG_PATH: the JSON contains no credential.
/// </summary>
public static class KubernetesProviders
{
    /// <summary>
    /// Adds both providers. Helm stores releases in ConfigMaps, so that no pipeline identity must read Secrets.
    /// </summary>
    public static void AddTo(TerraformStack stack)
    {
        _ = new KubernetesProvider(stack, "kubernetes", new KubernetesProviderConfig());
        _ = new HelmProvider(stack, "helm", new HelmProviderConfig { HelmDriver = "configmap" });
    }
}
