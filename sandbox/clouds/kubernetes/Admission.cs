using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Clouds.Kubernetes.Api;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes;

/// <summary>
/// The API server's checks against the objects in the cluster, for Terraform's writes. Objects that kubectl created in the
/// cluster are not included.
/// </summary>
internal static class Admission
{
    /// <exception cref="ProviderException">The object is refused. The text is the API server's.</exception>
    public static void Review(Transaction account, string type, string id, JsonObject attributes, bool isNew)
    {
        RequireNamespace(account, attributes);
        if (isNew)
            RequireFree(account, type, id, attributes);
    }

    /// <summary>Refuses an object with which its namespace would exceed a quota.</summary>
    /// <exception cref="ProviderException">The object is refused. The text is the API server's.</exception>
    public static void RequireQuota(ProviderSchema schema, Transaction account, string type, JsonObject attributes)
    {
        if (ApiKind.All.FirstOrDefault(kind => kind.TerraformType == type) is not { } kind)
            return;
        try
        {
            Quotas.Require(
                View(schema, account),
                kind,
                TerraformObjects.ToKubernetes(kind, schema.Resources[type].Body, attributes, account.Now)
            );
        }
        catch (ApiException refused)
        {
            throw new ProviderException(refused.Message);
        }
    }

    /// <summary>
    /// The error of a workload whose pods do not start: the workload is created, then the provider waits until its deadline.
    /// Null if the pods start, or if wait_for_rollout is false.
    /// </summary>
    public static ProviderException? Rollout(ProviderSchema schema, Transaction account, NewObject item, JsonObject attributes)
    {
        if (!attributes.True("wait_for_rollout"))
            return null;
        // A copy of the account with the new object, which the transaction does not hold yet.
        var index = new ObjectIndex();
        foreach (var other in account.All)
            index.Apply(ObjectIndex.PutEntry(other));
        var tried = new Transaction(index, account.Now);
        tried.Put(
            new()
            {
                Provider = "kubernetes",
                Type = item.Type,
                Id = item.Id,
                Name = attributes.Text("metadata.0.name") ?? item.Id,
                Created = account.Now,
                Attributes = attributes,
                Configured = [],
            }
        );
        var cluster = View(schema, tried);
        Controllers.Run(cluster);
        var refusal = cluster
            .List(ApiKind.Of("events"), attributes.Text("metadata.0.namespace"))
            .FirstOrDefault(item =>
                item.Text("reason") == "FailedCreate" && item.Text("involvedObject.name") == attributes.Text("metadata.0.name")
            );
        return refusal is null
            ? null
            : new("Waiting for rollout to finish: its pods are not created: context deadline exceeded", refusal.Text("message")!);
    }

    /// <summary>The namespace of a Kubernetes or Helm object; null if it has none.</summary>
    public static string? NamespaceOf(AccountObject item) =>
        item.Provider switch
        {
            "kubernetes" => item.Attributes.Text("metadata.0.namespace"),
            "helm" => item.Attributes.Text("namespace"),
            _ => null,
        };

    public static bool NamespaceExists(Transaction account, string name) =>
        KubernetesCloud.SystemNamespaces.Contains(name) || account.Find("kubernetes_namespace_v1", name) is not null;

    private static ClusterView View(ProviderSchema schema, Transaction account) =>
        new(schema, account, new(new ObjectIndex(), account.Now), DateTimeOffset.UnixEpoch);

    private static void RequireNamespace(Transaction account, JsonObject attributes)
    {
        if (attributes.Text("metadata.0.namespace") is { } space && !NamespaceExists(account, space))
            throw new ProviderException($"namespaces \"{space}\" not found");
    }

    private static void RequireFree(Transaction account, string type, string id, JsonObject attributes)
    {
        // Its create adopts the account that every namespace has (documentation of provider 2.38.0).
        if (type == "kubernetes_default_service_account_v1")
            return;
        var name = attributes.Text("metadata.0.name") ?? id;
        var space = attributes.Text("metadata.0.namespace");
        // The cluster creates these objects.
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
