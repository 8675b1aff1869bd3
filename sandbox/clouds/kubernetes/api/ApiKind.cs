namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>A kind that the API server knows.</summary>
/// <param name="Group">Its API group, empty for the core.</param>
/// <param name="Version">The version that is served.</param>
/// <param name="Plural">As paths name it.</param>
/// <param name="Name">As objects name it.</param>
internal sealed record ApiKind(string Group, string Version, string Plural, string Name)
{
    /// <summary>False for what lies in no namespace.</summary>
    public bool Namespaced { get; init; } = true;

    /// <summary>How Terraform's provider calls it; null for what only the cluster and kubectl make.</summary>
    public string? TerraformType { get; init; }

    /// <summary>What kubectl takes for it beside its names.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Subresources with the kind that they take and give.</summary>
    public IReadOnlyDictionary<string, (string Group, string Version, string Kind)> Subresources { get; init; } =
        new Dictionary<string, (string, string, string)>();

    /// <summary>The value of an object's <c>apiVersion</c>.</summary>
    public string ApiVersion => Group == "" ? Version : $"{Group}/{Version}";

    /// <summary>As messages name it: <c>deployments.apps</c>.</summary>
    public string Resource => Group == "" ? Plural : $"{Plural}.{Group}";

    /// <summary>Every kind that is served.</summary>
    public static IReadOnlyList<ApiKind> All { get; } =
    [
        new("", "v1", "namespaces", "Namespace")
        {
            Namespaced = false,
            TerraformType = "kubernetes_namespace_v1",
            ShortNames = ["ns"],
        },
        new("", "v1", "nodes", "Node") { Namespaced = false, ShortNames = ["no"] },
        new("", "v1", "pods", "Pod")
        {
            ShortNames = ["po"],
            Subresources = new Dictionary<string, (string, string, string)> { ["eviction"] = ("policy", "v1", "Eviction") },
        },
        new("", "v1", "serviceaccounts", "ServiceAccount")
        {
            TerraformType = "kubernetes_service_account_v1",
            ShortNames = ["sa"],
            Subresources = new Dictionary<string, (string, string, string)>
            {
                ["token"] = ("authentication.k8s.io", "v1", "TokenRequest"),
            },
        },
        new("", "v1", "secrets", "Secret") { TerraformType = "kubernetes_secret_v1" },
        new("", "v1", "configmaps", "ConfigMap") { TerraformType = "kubernetes_config_map_v1", ShortNames = ["cm"] },
        new("", "v1", "services", "Service") { TerraformType = "kubernetes_service_v1", ShortNames = ["svc"] },
        new("", "v1", "resourcequotas", "ResourceQuota")
        {
            TerraformType = "kubernetes_resource_quota_v1",
            ShortNames = ["quota"],
        },
        new("", "v1", "limitranges", "LimitRange") { TerraformType = "kubernetes_limit_range_v1", ShortNames = ["limits"] },
        new("", "v1", "events", "Event") { ShortNames = ["ev"] },
        new("apps", "v1", "deployments", "Deployment") { TerraformType = "kubernetes_deployment_v1", ShortNames = ["deploy"] },
        new("apps", "v1", "statefulsets", "StatefulSet") { TerraformType = "kubernetes_stateful_set_v1", ShortNames = ["sts"] },
        new("apps", "v1", "daemonsets", "DaemonSet") { TerraformType = "kubernetes_daemon_set_v1", ShortNames = ["ds"] },
        new("batch", "v1", "jobs", "Job") { TerraformType = "kubernetes_job_v1" },
        new("batch", "v1", "cronjobs", "CronJob") { TerraformType = "kubernetes_cron_job_v1", ShortNames = ["cj"] },
        new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy")
        {
            TerraformType = "kubernetes_network_policy_v1",
            ShortNames = ["netpol"],
        },
        new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget")
        {
            TerraformType = "kubernetes_pod_disruption_budget_v1",
            ShortNames = ["pdb"],
        },
        new("rbac.authorization.k8s.io", "v1", "roles", "Role") { TerraformType = "kubernetes_role_v1" },
        new("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding") { TerraformType = "kubernetes_role_binding_v1" },
        new("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole")
        {
            Namespaced = false,
            TerraformType = "kubernetes_cluster_role_v1",
        },
        new("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding")
        {
            Namespaced = false,
            TerraformType = "kubernetes_cluster_role_binding_v1",
        },
        new("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass")
        {
            Namespaced = false,
            TerraformType = "kubernetes_priority_class_v1",
            ShortNames = ["pc"],
        },
        new("storage.k8s.io", "v1", "storageclasses", "StorageClass")
        {
            Namespaced = false,
            TerraformType = "kubernetes_storage_class_v1",
            ShortNames = ["sc"],
        },
    ];

    /// <summary>The kind of a plural name ("pods"); the names of those served are unique.</summary>
    public static ApiKind Of(string plural) => All.First(kind => kind.Plural == plural);

    /// <inheritdoc/>
    public override string ToString() => Resource;
}
