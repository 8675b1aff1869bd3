using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes;

/// <summary>
/// What the API server decides by looking at the cluster. One review for each write: rules that need other objects (quota,
/// limit ranges, Pod Security) belong here.
/// </summary>
internal static class Admission
{
    /// <exception cref="ProviderException">As the API server words it.</exception>
    public static void Review(Transaction account, string type, string id, JsonObject attributes, bool isNew)
    {
        RequireNamespace(account, attributes);
        if (isNew)
            RequireFree(account, type, id, attributes);
    }

    /// <summary>The namespace that an object of Kubernetes or Helm is in, null for what is in none.</summary>
    public static string? NamespaceOf(AccountObject item) =>
        item.Provider switch
        {
            "kubernetes" => item.Attributes.Text("metadata.0.namespace"),
            "helm" => item.Attributes.Text("namespace"),
            _ => null,
        };

    public static bool NamespaceExists(Transaction account, string name) =>
        KubernetesCloud.SystemNamespaces.Contains(name) || account.Find("kubernetes_namespace_v1", name) is not null;

    private static void RequireNamespace(Transaction account, JsonObject attributes)
    {
        if (attributes.Text("metadata.0.namespace") is { } space && !NamespaceExists(account, space))
            throw new ProviderException($"namespaces \"{space}\" not found");
    }

    private static void RequireFree(Transaction account, string type, string id, JsonObject attributes)
    {
        var name = attributes.Text("metadata.0.name") ?? id;
        var space = attributes.Text("metadata.0.namespace");
        // A cluster makes these itself.
        var builtIn = type switch
        {
            "kubernetes_namespace_v1" => KubernetesCloud.SystemNamespaces.Contains(name),
            "kubernetes_service_account_v1" => name == "default",
            "kubernetes_config_map_v1" => name == "kube-root-ca.crt",
            _ => false,
        };
        if (builtIn || account.Find(type, id) is not null)
            throw new ProviderException(
                $"{Kind.Of(type)} \"{name}\" already exists",
                space is null ? "" : $"In the namespace \"{space}\"."
            );
    }
}
