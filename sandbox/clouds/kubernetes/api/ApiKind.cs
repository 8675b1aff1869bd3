namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>A kind that the API server serves.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version that is served.</param>
/// <param name="Plural">The name in paths.</param>
/// <param name="Name">The name in objects.</param>
internal sealed record ApiKind(string Group, string Version, string Plural, string Name)
{
    /// <summary>False if objects of the kind have no namespace.</summary>
    public bool Namespaced { get; init; } = true;

    /// <summary>The resource type in Terraform's provider; null if only the cluster and kubectl create such objects.</summary>
    public string? TerraformType { get; init; }

    /// <summary>The short names that kubectl accepts.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>The subresources, each with the kind of its request and answer.</summary>
    public IReadOnlyDictionary<string, (string Group, string Version, string Kind)> Subresources { get; init; } =
        new Dictionary<string, (string, string, string)>();

    /// <summary>The value of an object's <c>apiVersion</c>.</summary>
    public string ApiVersion => Group == "" ? Version : $"{Group}/{Version}";

    /// <summary>The name in messages: <c>deployments.apps</c>.</summary>
    public string Resource => Group == "" ? Plural : $"{Plural}.{Group}";

    /// <summary>All kinds that are served.</summary>
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
        new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim") { ShortNames = ["pvc"] },
        new("", "v1", "events", "Event") { ShortNames = ["ev"] },
        new("apps", "v1", "deployments", "Deployment") { TerraformType = "kubernetes_deployment_v1", ShortNames = ["deploy"] },
        new("apps", "v1", "statefulsets", "StatefulSet") { TerraformType = "kubernetes_stateful_set_v1", ShortNames = ["sts"] },
        new("apps", "v1", "daemonsets", "DaemonSet") { TerraformType = "kubernetes_daemon_set_v1", ShortNames = ["ds"] },
        new("batch", "v1", "jobs", "Job") { TerraformType = "kubernetes_job_v1" },
        new("batch", "v1", "cronjobs", "CronJob") { TerraformType = "kubernetes_cron_job_v1", ShortNames = ["cj"] },
        new("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler") { ShortNames = ["hpa"] },
        new("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
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
        new("apiregistration.k8s.io", "v1", "apiservices", "APIService") { Namespaced = false },
        new(Definitions.Group, "v1", Definitions.Plural, "CustomResourceDefinition")
        {
            Namespaced = false,
            ShortNames = ["crd", "crds"],
        },
        new("storage.k8s.io", "v1", "storageclasses", "StorageClass")
        {
            Namespaced = false,
            TerraformType = "kubernetes_storage_class_v1",
            ShortNames = ["sc"],
        },
        // Custom resources of the charts of the platform, without their schemas and their conversions.
        new("acme.cert-manager.io", "v1", "challenges", "Challenge"),
        new("acme.cert-manager.io", "v1", "orders", "Order"),
        new("cert-manager.io", "v1", "certificates", "Certificate") { ShortNames = ["cert"] },
        new("cilium.io", "v2", "ciliumnetworkpolicies", "CiliumNetworkPolicy") { ShortNames = ["cnp"] },
        new("gateway.networking.k8s.io", "v1", "gateways", "Gateway") { ShortNames = ["gtw"] },
        new("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute"),
        new("gateway.networking.k8s.io", "v1", "listenersets", "ListenerSet"),
        new("monitoring.coreos.com", "v1", "podmonitors", "PodMonitor") { ShortNames = ["pmon"] },
        new("monitoring.coreos.com", "v1", "prometheusrules", "PrometheusRule") { ShortNames = ["promrule"] },
        new("monitoring.coreos.com", "v1", "servicemonitors", "ServiceMonitor") { ShortNames = ["smon"] },
    ];

    /// <summary>The kind with this plural name ("pods"). The plural names of the served kinds are unique.</summary>
    public static ApiKind Of(string plural) => All.First(kind => kind.Plural == plural);

    /// <inheritdoc/>
    public override string ToString() => Resource;
}
