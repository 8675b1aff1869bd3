using Amazon.JSII.Runtime.Services;
using Constructs;
using HashiCorp.Cdktf.Providers.Helm.Provider;
using HashiCorp.Cdktf.Providers.Kubernetes.Provider;
using HashiCorp.Cdktf.Providers.Linode.Provider;
using Microsoft.Extensions.Logging.Abstractions;

namespace InfraCdktf.Synthesis;

/// <summary>The libraries in jsii's Node.js process. jsii loads each at its first use; this loads all of them at once.</summary>
internal static class Libraries
{
    /// <summary>
    /// Starts Node.js and loads the libraries. jsii is not thread-safe: no construct may be created until this has returned.
    /// </summary>
    public static void Load()
    {
        // jsii's own log, which shows nothing unless it is configured, would load eight more assemblies.
        ServiceContainer.ServiceProviderOverride ??= ServiceContainer.BuildServiceProvider(NullLoggerFactory.Instance);
        // A static value of a library makes jsii load it.
        _ = KubernetesProvider.TfResourceType;
        _ = HelmProvider.TfResourceType;
        _ = LinodeProvider.TfResourceType;
        // The first object that jsii returns makes it search all assemblies for bound types.
        _ = new RootConstruct().Node;
    }
}
