using System.Reflection;
using Amazon.JSII.Runtime.Services;
using Constructs;
using HashiCorp.Cdktf;
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
        if (ServiceContainer.ServiceProviderOverride is null)
        {
            var services = ServiceContainer.BuildServiceProvider(NullLoggerFactory.Instance);
            ServiceContainer.ServiceProviderOverride = services;
            SkipFramework(services);
        }
        // A static value of a library makes jsii load it.
        _ = KubernetesProvider.TfResourceType;
        _ = HelmProvider.TfResourceType;
        _ = LinodeProvider.TfResourceType;
        // The first object that jsii returns makes it search all assemblies for bound types.
        _ = new RootConstruct().Node;
    }

    /// <summary>
    /// jsii searches all loaded assemblies for its types when the first object comes from Node.js, the 10,000 types of .NET
    /// included. This tells it that it has searched these: half of the 0.2 s that it takes.
    /// </summary>
    /// <returns>False if this version of jsii has another layout: it then searches everything.</returns>
    internal static bool SkipFramework(IServiceProvider services)
    {
        var jsii = typeof(ServiceContainer).Assembly;
        var cache = services.GetService(jsii.GetType("Amazon.JSII.Runtime.Services.ITypeCache")!);
        var searched = cache!.GetType().GetField("_assemblies", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(cache);
        if (searched is not ISet<string> names)
            return false;
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            if (!assembly.GetReferencedAssemblies().Any(name => name.Name == jsii.GetName().Name))
                names.Add(assembly.FullName!);
        return true;
    }
}
