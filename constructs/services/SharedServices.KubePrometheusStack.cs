using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

public static partial class SharedServices
{
    private const string MonitoringRelease = "kube-prometheus-stack";

    /// <summary>
    /// Prometheus, Alertmanager, Grafana and what feeds them. First of all services, because the others' monitors are of its CRDs.
    /// </summary>
    private static SharedService KubePrometheusStack(PlatformSpec platform) =>
        new()
        {
            Name = MonitoringRelease,
            Chart = new("kube-prometheus-stack", "https://prometheus-community.github.io/helm-charts", "88.5.3"),
            Namespace = platform.System.Name.Text,
            TimeoutSeconds = 900,
            Values = new()
            {
                // LKE runs these out of reach: their targets would be down for ever.
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

    private static JsonObject Off() => new() { ["enabled"] = false };

    /// <summary>
    /// The chart's alerts about the platform's own machinery, labelled like ours and bounded to its namespaces; what environments are
    /// alerted about, and Watchdog, are our own rules.
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
            ["appNamespacesTarget"] = $"{platform.System.Name}|{AgentsNamespace(platform)}",
            ["additionalRuleLabels"] = new JsonObject
            {
                ["environment"] = platform.System.Name.Text,
                ["owner"] = platform.System.Owner,
            },
        };

    private static JsonObject PrometheusOperator(PlatformSpec platform) =>
        new()
        {
            ["resources"] = Resources("100m", "128Mi", "500m", "512Mi"),
            ["nodeSelector"] = OnSystemPool(platform),
            ["tolerations"] = ToleratesSystemPool(platform),
            // Also the init container and the sidecar of every Prometheus and Alertmanager pod.
            ["prometheusConfigReloader"] = new JsonObject { ["resources"] = Resources("20m", "32Mi", "100m", "64Mi") },
            ["admissionWebhooks"] = new JsonObject
            {
                // Rules are checked by promtool before they are applied; an absent operator must not keep everybody from deploying.
                ["failurePolicy"] = "Ignore",
                ["patch"] = new JsonObject
                {
                    ["resources"] = Resources("20m", "32Mi", "100m", "64Mi"),
                    ["nodeSelector"] = OnSystemPool(platform),
                    ["tolerations"] = ToleratesSystemPool(platform),
                },
            },
        };

    private static JsonObject Prometheus(PlatformSpec platform) =>
        new()
        {
            ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true },
            // Two replicas scrape at different moments: one reader stays with one of them, or its graphs jump.
            ["service"] = new JsonObject { ["sessionAffinity"] = "ClientIP" },
            ["prometheusSpec"] = new JsonObject
            {
                ["replicas"] = 2,
                ["topologySpreadConstraints"] = OneEachNode("app.kubernetes.io/name", "prometheus"),
                ["nodeSelector"] = OnSystemPool(platform),
                ["tolerations"] = ToleratesSystemPool(platform),
                ["resources"] = Resources("500m", "2Gi", "2", "4Gi"),
                ["scrapeInterval"] = "30s",
                ["evaluationInterval"] = "30s",
                ["externalLabels"] = new JsonObject { ["cluster"] = platform.Project },
                // One Prometheus serves all environments, so it keeps what the most demanding of them asks for.
                ["retention"] =
                    platform
                        .Environments.Max(environment => environment.Retention.MetricsDays)
                        .ToString(CultureInfo.InvariantCulture) + "d",
                // Before the volume is full: a full one stops Prometheus.
                ["retentionSize"] = "85GB",
                ["storageSpec"] = Claim("100Gi"),
                // The default finds only objects that carry this release's label; ours and the environments' do not.
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
            ["config"] = AlertRouting.Config(platform, AlertRoutesSecret),
            ["alertmanagerSpec"] = new JsonObject
            {
                ["replicas"] = 2,
                ["topologySpreadConstraints"] = OneEachNode("app.kubernetes.io/name", "alertmanager"),
                ["nodeSelector"] = OnSystemPool(platform),
                ["tolerations"] = ToleratesSystemPool(platform),
                ["resources"] = Resources("50m", "64Mi", "250m", "256Mi"),
                ["secrets"] = new JsonArray(AlertRoutesSecret),
                // Silences and what has been sent: 10Gi is the smallest volume there is.
                ["storage"] = Claim("10Gi"),
            },
        };

    /// <summary>
    /// One replica without a volume: dashboards and data sources come from ConfigMaps, and sessions lie in its local database, so a second
    /// replica would log people out. Its ClusterRole from the chart could read every Secret of the cluster; ours reads ConfigMaps.
    /// </summary>
    private static JsonObject Grafana(PlatformSpec platform) =>
        new()
        {
            ["admin"] = new JsonObject
            {
                ["existingSecret"] = GrafanaAdminSecret,
                ["userKey"] = "admin-user",
                ["passwordKey"] = "admin-password",
            },
            ["resources"] = Resources("100m", "256Mi", "500m", "512Mi"),
            ["nodeSelector"] = OnSystemPool(platform),
            ["tolerations"] = ToleratesSystemPool(platform),
            ["rbac"] = new JsonObject { ["create"] = false },
            ["serviceAccount"] = new JsonObject { ["name"] = GrafanaServiceAccount },
            ["testFramework"] = Off(),
            ["persistence"] = Off(),
            ["defaultDashboardsEditable"] = false,
            ["grafana.ini"] = new JsonObject
            {
                ["analytics"] = new JsonObject { ["check_for_updates"] = false, ["reporting_enabled"] = false },
            },
            ["sidecar"] = new JsonObject
            {
                ["resources"] = Resources("50m", "96Mi", "200m", "192Mi"),
                ["dashboards"] = new JsonObject
                {
                    ["enabled"] = true,
                    ["label"] = Dashboards.Label,
                    ["labelValue"] = Dashboards.LabelValue,
                    ["searchNamespace"] = "ALL",
                    ["resource"] = "configmap",
                },
                ["datasources"] = new JsonObject { ["enabled"] = true, ["resource"] = "configmap" },
            },
        };

    /// <summary>One replica, or every series is there twice. Without the collector of Secrets: listing them means reading them.</summary>
    private static JsonObject KubeStateMetrics(PlatformSpec platform) =>
        new()
        {
            ["resources"] = Resources("50m", "128Mi", "250m", "512Mi"),
            ["nodeSelector"] = OnSystemPool(platform),
            ["tolerations"] = ToleratesSystemPool(platform),
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

    /// <summary>Reads the node itself (its network, processes and disks), which no restricted namespace allows; runs on every node, tainted or not.</summary>
    private static JsonObject NodeExporter(PlatformSpec platform) =>
        new()
        {
            ["namespaceOverride"] = AgentsNamespace(platform),
            ["resources"] = Resources("50m", "32Mi", "250m", "128Mi"),
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
