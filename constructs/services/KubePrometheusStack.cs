using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// kube-prometheus-stack: Prometheus, Alertmanager, Grafana and their exporters. It is the first of all services, because the
/// monitors of the others are custom resources of its CRDs.
/// </summary>
public static class KubePrometheusStack
{
    private static readonly ChartPin s_chart = new(
        "kube-prometheus-stack",
        "https://prometheus-community.github.io/helm-charts",
        "88.5.3"
    )
    {
        CrdGroups = ["monitoring.coreos.com"],
    };

    /// <summary>The service's name.</summary>
    public static ServiceName Name { get; } = new("kube-prometheus-stack");

    /// <summary>The ServiceAccount of Grafana and its sidecars.</summary>
    private const string GrafanaAccount = "grafana";

    /// <summary>The Secret with the chat webhook.</summary>
    private static readonly SecretSpec s_alertRoutes = new("alert-routes", ["slack-webhook-url"]);

    /// <summary>The Secret with Grafana's administrator.</summary>
    private static readonly SecretSpec s_grafanaAdmin = new("grafana-admin", ["admin-user", "admin-password"]);

    private static readonly ContainerResources s_reloader = new("20m", "32Mi", "100m", "64Mi");
    private const string ReloaderPath = "prometheusOperator.prometheusConfigReloader.resources";

    private static readonly ServiceWorkload s_prometheus = new()
    {
        Name = "prometheus",
        Kind = WorkloadKind.StatefulSet,
        Replicas = 2,
        Resources = new("500m", "2Gi", "2", "4Gi"),
        Sidecars = [s_reloader],
        Values = ValuePaths.Below("prometheus.prometheusSpec") with
        {
            Sidecars = [ReloaderPath],
            Budget = "prometheus.podDisruptionBudget",
        },
    };

    private static readonly ServiceWorkload s_alertmanager = new()
    {
        Name = "alertmanager",
        Kind = WorkloadKind.StatefulSet,
        Replicas = 2,
        Resources = new("50m", "64Mi", "250m", "256Mi"),
        Sidecars = [s_reloader],
        Values = ValuePaths.Below("alertmanager.alertmanagerSpec") with
        {
            Sidecars = [ReloaderPath],
            Budget = "alertmanager.podDisruptionBudget",
        },
    };

    // One sidecar for dashboards, one for data sources.
    private static readonly ContainerResources s_grafanaSidecar = new("50m", "96Mi", "200m", "192Mi");

    private static readonly ServiceWorkload s_grafana = new()
    {
        Name = "grafana",
        Resources = new("100m", "256Mi", "500m", "512Mi"),
        Sidecars = [s_grafanaSidecar, s_grafanaSidecar],
        Values = ValuePaths.Below("grafana", replicas: null) with
        {
            Sidecars = ["grafana.sidecar.resources", "grafana.sidecar.resources"],
        },
    };

    private static readonly ServiceWorkload s_kubeStateMetrics = new()
    {
        Name = "kube-state-metrics",
        Resources = new("50m", "128Mi", "250m", "512Mi"),
        Values = ValuePaths.Below("kube-state-metrics", replicas: null),
    };

    private static readonly ServiceWorkload s_operator = new()
    {
        Name = "prometheus operator",
        Resources = new("100m", "128Mi", "500m", "512Mi"),
        Values = ValuePaths.Below("prometheusOperator", replicas: null),
    };

    private static readonly ServiceWorkload s_patch = new()
    {
        Name = "prometheus operator certificates",
        IsHook = true,
        Resources = new("20m", "32Mi", "100m", "64Mi"),
        Values = ValuePaths.Below("prometheusOperator.admissionWebhooks.patch", replicas: null),
    };

    private static readonly ServiceWorkload s_nodeExporter = new()
    {
        Name = "node exporter",
        Kind = WorkloadKind.DaemonSet,
        Resources = new("50m", "32Mi", "250m", "128Mi"),
        Values = ValuePaths.Below("prometheus-node-exporter", replicas: null),
    };

    /// <summary>The service.</summary>
    public static SharedService For(PlatformSpec platform) =>
        new()
        {
            Name = Name,
            Chart = s_chart,
            Namespace = platform.System.Name.Text,
            TimeoutSeconds = 900,
            Secrets = [s_alertRoutes, s_grafanaAdmin],
            Traffic =
            [
                new Traffic.FromApiServer(
                    PodGroup.Labelled("prometheus-operator", "app", "kube-prometheus-stack-operator").On(new Port("10250")),
                    "The API server calls the Prometheus operator's webhook, which validates rules."
                ),
                new Traffic.ScrapesMetrics(
                    PodGroup.App("prometheus"),
                    "Prometheus scrapes the pods of {0}. Their own policy allows it at the port that they name \"metrics\".",
                    "Prometheus scrapes the port that a pod names \"metrics\"."
                ),
                new Traffic.ToPeer(
                    PodGroup.App("prometheus"),
                    new("name-servers", [PeerSelector.Namespace("kube-system")]) { Ports = [new("9153")] },
                    "Prometheus scrapes CoreDNS."
                ),
                new Traffic.ToPeer(
                    PodGroup.App("alertmanager"),
                    Peer.Internet(new Port("443")),
                    "Alertmanager sends notifications to the chat service."
                ),
                new Traffic.ToNodes(
                    PodGroup.App("prometheus"),
                    [new("10250"), new("9100")],
                    "Prometheus reads the kubelets (10250) and the node exporters (9100)."
                ),
                new Traffic.NeverToApiServer(PodGroup.App("alertmanager")),
            ],
            Workloads = [s_prometheus, s_alertmanager, s_grafana, s_kubeStateMetrics, s_operator, s_patch, s_nodeExporter],
            CustomResources =
            [
                new(
                    ["monitoring.coreos.com"],
                    ["prometheuses", "alertmanagers", "prometheusrules", "servicemonitors", "podmonitors"],
                    AccessRules.ReadAndWrite
                ),
            ],
            Objects = [new("grafana-access", InstallOrder.BeforeCharts, GrafanaAccess(platform))],
            Alerts = Alerts(platform),
            Values = new()
            {
                // LKE does not expose these components: their targets would always be down.
                ["kubeControllerManager"] = Off(),
                ["kubeScheduler"] = Off(),
                ["kubeEtcd"] = Off(),
                ["kubeProxy"] = Off(),
                ["defaultRules"] = DefaultRules(platform),
                ["prometheusOperator"] = PrometheusOperator(platform),
                ["prometheus"] = Prometheus(platform),
                ["alertmanager"] = Alertmanager(platform),
                ["grafana"] = Grafana(platform),
                ["kube-state-metrics"] = KubeStateMetrics(platform),
                ["prometheus-node-exporter"] = NodeExporter(platform),
            },
        };

    private static IReadOnlyList<Alert> Alerts(PlatformSpec platform) =>
        [
            new()
            {
                Name = PrometheusRules.Watchdog,
                Severity = AlertRouting.NoSeverity,
                ForMinutes = 0,
                Expression = "vector(1)",
                Environment = platform.System,
                Summary = "Alerts arrive.",
                Description =
                    "This alert always fires and is sent once a day. "
                    + "A day without it means that no alert of any environment arrives.",
                Runbook = PlatformAlerts.Runbook,
            },
            new()
            {
                Name = "MetricsMissing",
                Severity = AlertRouting.Label(Severity.Critical),
                ForMinutes = 5,
                // absent() of a comparison has no labels: label_replace sets them, otherwise the three would be one alert.
                Expression = """
                    label_replace(absent(up{job="kube-state-metrics"} == 1), "job", "kube-state-metrics", "", "")
                    or
                    label_replace(absent(up{job="kubelet", metrics_path="/metrics/cadvisor"} == 1), "job", "kubelet", "", "")
                    or
                    label_replace(absent(up{job="apiserver"} == 1), "job", "apiserver", "", "")
                    """,
                Environment = platform.System,
                Summary = "Prometheus gets no metrics from {{ $labels.job }}.",
                Description = "While this lasts, alerts about pods, quotas, nodes and access cannot fire in any environment.",
                Runbook = PlatformAlerts.Runbook,
            },
        ];

    /// <summary>
    /// The rights of Grafana's sidecars: ConfigMaps of all namespaces, because each environment has its own dashboards. The
    /// chart's own role would add every Secret of the cluster (measured), so it is off.
    /// </summary>
    private static IReadOnlyList<JsonObject> GrafanaAccess(PlatformSpec platform)
    {
        const string Role = "grafana-dashboards";
        const string Api = "rbac.authorization.k8s.io";
        return
        [
            new()
            {
                ["apiVersion"] = $"{Api}/v1",
                ["kind"] = "ClusterRole",
                ["metadata"] = KubernetesObject.ClusterMetadata(platform, platform.System, Role),
                ["rules"] = new JsonArray(
                    new JsonObject
                    {
                        ["apiGroups"] = new JsonArray(""),
                        ["resources"] = new JsonArray("configmaps"),
                        ["verbs"] = new JsonArray("get", "list", "watch"),
                    }
                ),
            },
            new()
            {
                ["apiVersion"] = $"{Api}/v1",
                ["kind"] = "ClusterRoleBinding",
                ["metadata"] = KubernetesObject.ClusterMetadata(platform, platform.System, Role),
                ["roleRef"] = new JsonObject
                {
                    ["apiGroup"] = Api,
                    ["kind"] = "ClusterRole",
                    ["name"] = Role,
                },
                ["subjects"] = new JsonArray(
                    new JsonObject
                    {
                        ["kind"] = "ServiceAccount",
                        ["name"] = GrafanaAccount,
                        ["namespace"] = platform.System.Name.Text,
                    }
                ),
            },
        ];
    }

    private static JsonObject Off() => new() { ["enabled"] = false };

    /// <summary>
    /// The chart's alerts about the platform's own components, with the platform's labels and limited to its namespaces. Watchdog
    /// and the alerts of the environments are the platform's own rules.
    /// </summary>
    private static JsonObject DefaultRules(PlatformSpec platform) =>
        new()
        {
            ["rules"] = new JsonObject
            {
                ["etcd"] = false,
                ["general"] = false,
                ["kubeControllerManager"] = false,
                ["kubeProxy"] = false,
                ["kubeSchedulerAlerting"] = false,
                ["kubeSchedulerRecording"] = false,
                ["kubernetesApps"] = false,
                ["kubernetesResources"] = false,
                ["windows"] = false,
            },
            ["disabled"] = new JsonObject { ["KubeNodeNotReady"] = true, ["KubeNodePressure"] = true },
            ["appNamespacesTarget"] = $"{platform.System.Name}|{platform.System.AgentsNamespace}",
            ["additionalRuleLabels"] = new JsonObject
            {
                ["environment"] = platform.System.Name.Text,
                ["owner"] = platform.System.Owner,
            },
        };

    private static JsonObject PrometheusOperator(PlatformSpec platform) =>
        new()
        {
            ["resources"] = s_operator.Resources.ToJson(),
            ["nodeSelector"] = PodPlacement.NodeSelector(platform.PoolOf(platform.System)),
            ["tolerations"] = PodPlacement.Tolerations(platform.PoolOf(platform.System)),
            // The init container and the sidecar of every Prometheus and Alertmanager pod.
            ["prometheusConfigReloader"] = new JsonObject { ["resources"] = s_reloader.ToJson() },
            ["admissionWebhooks"] = new JsonObject
            {
                // promtool checks rules before they are applied; an operator that is down must not block deployments.
                ["failurePolicy"] = "Ignore",
                ["patch"] = new JsonObject
                {
                    ["resources"] = s_patch.Resources.ToJson(),
                    ["nodeSelector"] = PodPlacement.NodeSelector(platform.PoolOf(platform.System)),
                    ["tolerations"] = PodPlacement.Tolerations(platform.PoolOf(platform.System)),
                },
            },
        };

    private static JsonObject Prometheus(PlatformSpec platform) =>
        new()
        {
            ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true },
            // Two replicas scrape at different moments: without affinity a reader would switch between them, and its graphs would
            // jump.
            ["service"] = new JsonObject { ["sessionAffinity"] = "ClientIP" },
            ["prometheusSpec"] = new JsonObject
            {
                ["replicas"] = s_prometheus.Replicas,
                ["topologySpreadConstraints"] = PodPlacement.OneEachNode("app.kubernetes.io/name", "prometheus"),
                ["nodeSelector"] = PodPlacement.NodeSelector(platform.PoolOf(platform.System)),
                ["tolerations"] = PodPlacement.Tolerations(platform.PoolOf(platform.System)),
                ["resources"] = s_prometheus.Resources.ToJson(),
                ["scrapeInterval"] = "30s",
                ["evaluationInterval"] = "30s",
                ["externalLabels"] = new JsonObject { ["cluster"] = platform.Project },
                // One Prometheus serves all environments, so the longest retention applies.
                ["retention"] =
                    platform.Environments.Max(environment => environment.MetricsDays).ToString(CultureInfo.InvariantCulture)
                    + "d",
                // Less than the volume: Prometheus stops when its volume is full.
                ["retentionSize"] = "85GB",
                ["storageSpec"] = Claim("100Gi"),
                // By default Prometheus uses only objects with this release's label; the platform's and the environments' do not
                // have it.
                ["serviceMonitorSelectorNilUsesHelmValues"] = false,
                ["podMonitorSelectorNilUsesHelmValues"] = false,
                ["ruleSelectorNilUsesHelmValues"] = false,
                ["probeSelectorNilUsesHelmValues"] = false,
                ["scrapeConfigSelectorNilUsesHelmValues"] = false,
            },
        };

    private static JsonObject Alertmanager(PlatformSpec platform) =>
        new()
        {
            ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true },
            ["config"] = AlertRouting.Config(platform, s_alertRoutes.Name),
            // It never calls the API server.
            ["serviceAccount"] = new JsonObject { ["automountServiceAccountToken"] = false },
            ["alertmanagerSpec"] = new JsonObject
            {
                ["automountServiceAccountToken"] = false,
                ["replicas"] = s_alertmanager.Replicas,
                ["topologySpreadConstraints"] = PodPlacement.OneEachNode("app.kubernetes.io/name", "alertmanager"),
                ["nodeSelector"] = PodPlacement.NodeSelector(platform.PoolOf(platform.System)),
                ["tolerations"] = PodPlacement.Tolerations(platform.PoolOf(platform.System)),
                ["resources"] = s_alertmanager.Resources.ToJson(),
                ["secrets"] = new JsonArray(s_alertRoutes.Name),
                // Silences and sent notifications. 10Gi is the smallest volume that Linode sells.
                ["storage"] = Claim("10Gi"),
            },
        };

    /// <summary>
    /// One replica without a volume: dashboards and data sources come from ConfigMaps, and sessions are in its local database, so
    /// a second replica would log users out. The chart's ClusterRole could read every Secret of the cluster; the platform's reads
    /// ConfigMaps.
    /// </summary>
    private static JsonObject Grafana(PlatformSpec platform) =>
        new()
        {
            ["admin"] = new JsonObject
            {
                ["existingSecret"] = s_grafanaAdmin.Name,
                ["userKey"] = s_grafanaAdmin.Keys[0],
                ["passwordKey"] = s_grafanaAdmin.Keys[1],
            },
            ["resources"] = s_grafana.Resources.ToJson(),
            ["nodeSelector"] = PodPlacement.NodeSelector(platform.PoolOf(platform.System)),
            ["tolerations"] = PodPlacement.Tolerations(platform.PoolOf(platform.System)),
            ["rbac"] = new JsonObject { ["create"] = false },
            ["serviceAccount"] = new JsonObject { ["name"] = GrafanaAccount },
            ["testFramework"] = Off(),
            ["persistence"] = Off(),
            ["defaultDashboardsEditable"] = false,
            ["grafana.ini"] = new JsonObject
            {
                ["analytics"] = new JsonObject { ["check_for_updates"] = false, ["reporting_enabled"] = false },
            },
            ["sidecar"] = new JsonObject
            {
                ["resources"] = s_grafanaSidecar.ToJson(),
                ["dashboards"] = new JsonObject
                {
                    ["enabled"] = true,
                    ["label"] = DashboardLabel.Key,
                    ["labelValue"] = DashboardLabel.Value,
                    ["searchNamespace"] = "ALL",
                    ["resource"] = "configmap",
                },
                ["datasources"] = new JsonObject { ["enabled"] = true, ["resource"] = "configmap" },
            },
        };

    /// <summary>
    /// One replica: with two, every series would exist twice. Without the collector of Secrets, because a list of Secrets
    /// contains their values.
    /// </summary>
    private static JsonObject KubeStateMetrics(PlatformSpec platform) =>
        new()
        {
            ["resources"] = s_kubeStateMetrics.Resources.ToJson(),
            ["nodeSelector"] = PodPlacement.NodeSelector(platform.PoolOf(platform.System)),
            ["tolerations"] = PodPlacement.Tolerations(platform.PoolOf(platform.System)),
            ["collectors"] = new JsonArray(
                "cronjobs",
                "daemonsets",
                "deployments",
                "horizontalpodautoscalers",
                "jobs",
                "limitranges",
                "namespaces",
                "networkpolicies",
                "nodes",
                "persistentvolumeclaims",
                "persistentvolumes",
                "poddisruptionbudgets",
                "pods",
                "replicasets",
                "resourcequotas",
                "services",
                "statefulsets",
                "storageclasses"
            ),
        };

    /// <summary>
    /// It reads the node (network, processes, disks), which no restricted namespace allows. It runs on every node, with or
    /// without taints.
    /// </summary>
    private static JsonObject NodeExporter(PlatformSpec platform) =>
        new()
        {
            ["namespaceOverride"] = platform.System.AgentsNamespace,
            ["resources"] = s_nodeExporter.Resources.ToJson(),
            ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" }),
            ["containerSecurityContext"] = new JsonObject
            {
                ["readOnlyRootFilesystem"] = true,
                ["allowPrivilegeEscalation"] = false,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            },
        };

    private static JsonObject Claim(string size) =>
        new()
        {
            ["volumeClaimTemplate"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["storageClassName"] = StorageClasses.EncryptedRetain,
                    ["accessModes"] = new JsonArray("ReadWriteOnce"),
                    ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = size } },
                },
            },
        };
}
