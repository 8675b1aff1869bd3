using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Kubernetes;

namespace InfraCdktf.Constructs.Access;

/// <summary>A kind of object, as roles name it.</summary>
/// <param name="Group">The API group; "" is the core group.</param>
/// <param name="Resource">The plural ("configmaps").</param>
public sealed record ResourceKind(string Group, string Resource);

/// <summary>
/// The kinds of objects that a stack contains, read from the stack itself, so that its pipeline's rights match it exactly.
/// </summary>
public static class StackResourceKinds
{
    /// <summary>An account that creates these needs <c>bind</c> in addition to the verbs.</summary>
    public static ResourceKind RoleBindings { get; } = new("rbac.authorization.k8s.io", "rolebindings");

    /// <summary>
    /// The pipeline has its rights to these in the namespaces of its environment only (<see cref="PipelineConfigMaps"/>).
    /// </summary>
    public static ResourceKind ConfigMaps { get; } = new("", "configmaps");

    private sealed record Row(string Kind, ResourceKind Resource, params string[] TerraformTypes);

    // The kinds that an environment's stack may contain. Excluded on purpose: Secret (no pipeline reads one), Role and
    // ClusterRole (their creator must have every right that they grant), admission policies, and everything that applies to the
    // whole cluster: the system stack contains it.
    private static readonly Row[] s_table =
    [
        new("CiliumNetworkPolicy", new("cilium.io", "ciliumnetworkpolicies")),
        new("ConfigMap", ConfigMaps, "kubernetes_config_map_v1"),
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

    /// <summary>The kinds, sorted. Throws if the stack contains a kind that an environment's pipeline may not create.</summary>
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

    private static ResourceKind OfType(TerraformResource resource)
    {
        // Read once: jsii asks Node.js for each value of a construct.
        var type = resource.TerraformResourceType;
        return s_table.SingleOrDefault(row => row.TerraformTypes.Contains(type))?.Resource
            ?? throw Unknown(type, resource.Node.Path);
    }

    private static InvalidOperationException Unknown(string kind, string place) =>
        new(
            $"{place}: given {kind}; an environment's stack may contain: {string.Join(", ", s_table.Select(row => row.Kind))}. "
                + "Create it in the system stack, or add its kind to StackResourceKinds "
                + "if the environment's own pipeline may have the rights to it."
        );
}
