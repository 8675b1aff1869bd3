using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Kubernetes;

namespace InfraCdktf.Constructs.Access;

/// <summary>A kind of object, as a role names it.</summary>
/// <param name="Group">The API group; "" is the core group.</param>
/// <param name="Resource">The plural ("configmaps").</param>
public sealed record ResourceKind(string Group, string Resource);

/// <summary>
/// The kinds of objects that a stack contains, read from the stack itself, so that its pipeline's rights can never say more or less.
/// </summary>
public static class StackResourceKinds
{
    /// <summary>Who makes these needs <c>bind</c> beside the verbs.</summary>
    public static ResourceKind RoleBindings { get; } = new("rbac.authorization.k8s.io", "rolebindings");

    private sealed record Row(string Kind, ResourceKind Resource, params string[] TerraformTypes);

    // What an environment's stack may contain. Left out on purpose: Secret (no pipeline reads one), Role and the ClusterRoles (who makes one
    // must hold all that it grants), admission policies, and whatever else belongs to the whole cluster and so to the system stack.
    private static readonly Row[] s_table =
    [
        new("CiliumNetworkPolicy", new("cilium.io", "ciliumnetworkpolicies")),
        new("ConfigMap", new("", "configmaps"), "kubernetes_config_map_v1"),
        new("CronJob", new("batch", "cronjobs"), "kubernetes_cron_job_v1"),
        new("Deployment", new("apps", "deployments"), "kubernetes_deployment_v1"),
        new("Job", new("batch", "jobs"), "kubernetes_job_v1"),
        new("LimitRange", new("", "limitranges"), "kubernetes_limit_range_v1"),
        new("Namespace", new("", "namespaces"), "kubernetes_namespace_v1"),
        new("NetworkPolicy", new("networking.k8s.io", "networkpolicies"), "kubernetes_network_policy_v1"),
        new("PodDisruptionBudget", new("policy", "poddisruptionbudgets"), "kubernetes_pod_disruption_budget_v1"),
        new("PodMonitor", new("monitoring.coreos.com", "podmonitors")),
        new("PrometheusRule", new("monitoring.coreos.com", "prometheusrules")),
        new("ResourceQuota", new("", "resourcequotas"), "kubernetes_resource_quota_v1"),
        new("RoleBinding", RoleBindings, "kubernetes_role_binding_v1"),
        new("Service", new("", "services"), "kubernetes_service_v1"),
        new(
            "ServiceAccount",
            new("", "serviceaccounts"),
            "kubernetes_service_account_v1",
            "kubernetes_default_service_account_v1"
        ),
        new("ServiceMonitor", new("monitoring.coreos.com", "servicemonitors")),
    ];

    /// <summary>The kinds, sorted. Throws when the stack contains something that an environment's pipeline may not make.</summary>
    public static IReadOnlyList<ResourceKind> Of(TerraformStack stack) =>
        [
            .. stack
                .Node.FindAll()
                .SelectMany(part =>
                    part switch
                    {
                        // Helm keeps the record of a release in a ConfigMap (helm_driver).
                        Manifests manifests => manifests
                            .Kinds.Append("ConfigMap")
                            .Select(kind => OfKind(kind, manifests.Node.Path)),
                        TerraformResource { TerraformResourceType: "helm_release" } release
                            when release.Node.Scope is Manifests => [],
                        TerraformResource resource => [OfType(resource)],
                        _ => Enumerable.Empty<ResourceKind>(),
                    }
                )
                .Distinct()
                .OrderBy(kind => kind.Group, StringComparer.Ordinal)
                .ThenBy(kind => kind.Resource, StringComparer.Ordinal),
        ];

    private static ResourceKind OfKind(string kind, string place) =>
        s_table.SingleOrDefault(row => row.Kind == kind)?.Resource ?? throw Unknown(kind, place);

    private static ResourceKind OfType(TerraformResource resource) =>
        s_table.SingleOrDefault(row => row.TerraformTypes.Contains(resource.TerraformResourceType))?.Resource
        ?? throw Unknown(resource.TerraformResourceType, resource.Node.Path);

    private static InvalidOperationException Unknown(string kind, string place) =>
        new(
            $"{place}: given {kind}; an environment's stack may contain: {string.Join(", ", s_table.Select(row => row.Kind))}. "
                + "Make it in the system stack, or add its kind to StackKinds where the environment's own pipeline may hold the rights to it."
        );
}
