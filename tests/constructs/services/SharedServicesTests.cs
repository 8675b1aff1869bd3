using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Tests.Constructs.Services;

/// <summary>Helm values of the shared services: settings that a typo or an upgrade must not change.</summary>
[Trait("Level", "pure")]
public sealed partial class SharedServicesTests
{
    private static readonly PlatformSpec s_enterprise = Inventory.Platform with { Tier = ClusterTier.Enterprise };
    private static readonly PlatformSpec s_standard = Inventory.Platform with { Tier = ClusterTier.Standard };

    /// <summary>
    /// Every container that the charts start: the path of its resources, the number of its pods, and (except for node agents) the
    /// path of the placement of its pods. Source: the charts' templates. If a chart gets another container, add a row.
    /// </summary>
    private static readonly Container[] s_containers =
    [
        new("kube-prometheus-stack", "prometheusOperator.resources", "prometheusOperator"),
        new(
            "kube-prometheus-stack",
            "prometheusOperator.admissionWebhooks.patch.resources",
            "prometheusOperator.admissionWebhooks.patch"
        ),
        new(
            "kube-prometheus-stack",
            "prometheus.prometheusSpec.resources",
            "prometheus.prometheusSpec",
            "prometheus.prometheusSpec.replicas"
        ),
        new(
            "kube-prometheus-stack",
            "alertmanager.alertmanagerSpec.resources",
            "alertmanager.alertmanagerSpec",
            "alertmanager.alertmanagerSpec.replicas"
        ),
        // The sidecar of both Prometheus pods and both Alertmanager pods.
        new(
            "kube-prometheus-stack",
            "prometheusOperator.prometheusConfigReloader.resources",
            "prometheus.prometheusSpec",
            Pods: 4
        ),
        new("kube-prometheus-stack", "grafana.resources", "grafana"),
        // One for dashboards, one for data sources.
        new("kube-prometheus-stack", "grafana.sidecar.resources", "grafana", Pods: 2),
        new("kube-prometheus-stack", "kube-state-metrics.resources", "kube-state-metrics"),
        new("kube-prometheus-stack", "prometheus-node-exporter.resources", Placement: null, Pods: 0),
        new("metrics-server", "resources", "", "replicas"),
        new("sealed-secrets", "resources", ""),
        new("envoy-gateway", "deployment.envoyGateway.resources", "deployment.pod", "deployment.replicas"),
        new("envoy-gateway", "certgen.job.resources", "certgen.job"),
        new("cert-manager", "resources", "", "replicaCount"),
        new("cert-manager", "webhook.resources", "webhook", "webhook.replicaCount"),
        new("cert-manager", "cainjector.resources", "cainjector", "cainjector.replicaCount"),
        new("cert-manager", "startupapicheck.resources", "startupapicheck"),
        new("cloud-firewall-controller", "resources", "", Pods: 0),
    ];

    public static TheoryData<Container> Containers => [.. s_containers];

    public static TheoryData<Container> PlacedContainers => [.. s_containers.Where(container => container.Placement is not null)];

    /// <summary>Services with two pods on different nodes, so that a drained node stops only one of them.</summary>
    public static TheoryData<string, string, string, string> Serving =>
        new()
        {
            { "metrics-server", "replicas", "podDisruptionBudget.enabled", "topologySpreadConstraints" },
            {
                "envoy-gateway",
                "deployment.replicas",
                "podDisruptionBudget.minAvailable",
                "deployment.pod.topologySpreadConstraints"
            },
            { "cert-manager", "replicaCount", "podDisruptionBudget.enabled", "topologySpreadConstraints" },
            {
                "cert-manager",
                "webhook.replicaCount",
                "webhook.podDisruptionBudget.enabled",
                "webhook.topologySpreadConstraints"
            },
            {
                "cert-manager",
                "cainjector.replicaCount",
                "cainjector.podDisruptionBudget.enabled",
                "cainjector.topologySpreadConstraints"
            },
            {
                "kube-prometheus-stack",
                "prometheus.prometheusSpec.replicas",
                "prometheus.podDisruptionBudget.enabled",
                "prometheus.prometheusSpec.topologySpreadConstraints"
            },
            {
                "kube-prometheus-stack",
                "alertmanager.alertmanagerSpec.replicas",
                "alertmanager.podDisruptionBudget.enabled",
                "alertmanager.alertmanagerSpec.topologySpreadConstraints"
            },
        };

    [Theory]
    [MemberData(nameof(Containers))]
    public void Containers_have_requests_and_limits_within_the_limit_range(Container container)
    {
        var most = s_standard.System.Containers;
        foreach (var (resource, max) in new[] { ("cpu", most.MaxCpu), ("memory", most.MaxMemory) })
        {
            var request = container.Amount("requests", resource);
            var limit = container.Amount("limits", resource);
            Assert.InRange(request, 0.000001m, limit);
            Assert.InRange(limit, request, max.Value);
        }
    }

    /// <summary>
    /// Kubernetes accepts a Deployment that exceeds the quota, but does not start its pods: part of the platform is then missing.
    /// </summary>
    [Fact]
    public void Shared_services_and_gateway_proxies_fit_the_system_quota()
    {
        var (quota, defaults) = (s_standard.System.Quota, s_standard.System.Containers);
        var proxy = SharedGateway.Objects(s_standard).Single(one => one["kind"]!.GetValue<string>() == "EnvoyProxy");
        var deployment = At(proxy, "spec.provider.kubernetes.envoyDeployment");
        var proxies = At(deployment, "replicas").GetValue<int>();

        // Each Envoy pod also has a shutdown manager, which gets the default requests and limits of the namespace.
        Assert.InRange(Sum("requests", "cpu", defaults.RequestCpu), 0.1m, quota.RequestsCpu.Value);
        Assert.InRange(Sum("requests", "memory", defaults.RequestMemory), 1m, quota.RequestsMemory.Value);
        Assert.InRange(Sum("limits", "cpu", defaults.LimitCpu), 0.1m, quota.LimitsCpu.Value);
        Assert.InRange(Sum("limits", "memory", defaults.LimitMemory), 1m, quota.LimitsMemory.Value);
        Assert.InRange(s_containers.Sum(container => container.PodCount) + proxies, 1, quota.Pods);

        decimal Sum(string kind, string resource, Quantity byDefault)
        {
            var envoy = new Quantity(Text(deployment, $"container.resources.{kind}.{resource}")).Value;
            return s_containers.Sum(container => container.PodCount * container.Amount(kind, resource))
                + (proxies * (envoy + byDefault.Value));
        }
    }

    [Fact]
    public void Volume_claims_fit_the_quota_and_use_the_encrypted_class()
    {
        var stack = Values(s_enterprise, "kube-prometheus-stack");
        var requested = 0m;
        foreach (
            var (claim, replicas) in new[]
            {
                ("prometheus.prometheusSpec.storageSpec", "prometheus.prometheusSpec.replicas"),
                ("alertmanager.alertmanagerSpec.storage", "alertmanager.alertmanagerSpec.replicas"),
            }
        )
        {
            var spec = At(stack, $"{claim}.volumeClaimTemplate.spec");
            Assert.Equal(StorageClasses.EncryptedRetain, Text(spec, "storageClassName"));
            var size = new Quantity(Text(spec, "resources.requests.storage")).Value;
            // The smallest volume that Linode sells.
            Assert.True(size >= new Quantity("10Gi").Value);
            requested += size * At(stack, replicas).GetValue<int>();
        }
        Assert.InRange(requested, 1, s_enterprise.System.Quota.Storage.Value);
    }

    [Fact]
    public void Prometheus_retention_size_is_below_its_volume_size()
    {
        var spec = At(Values(s_enterprise, "kube-prometheus-stack"), "prometheus.prometheusSpec");
        var volume = new Quantity(Text(spec, "storageSpec.volumeClaimTemplate.spec.resources.requests.storage")).Value;
        var kept = new Quantity(Text(spec, "retentionSize").Replace("GB", "G")).Value;
        Assert.InRange(kept / volume, 0.5m, 0.85m);
    }

    [Fact]
    public void Metrics_retention_is_the_longest_of_all_environments()
    {
        var longer = s_enterprise with
        {
            System = s_enterprise.System with { Retention = new(MetricsDays: 77, LogsDays: 1, TracesDays: 1) },
        };
        Assert.Equal("30d", Text(Values(s_enterprise, "kube-prometheus-stack"), "prometheus.prometheusSpec.retention"));
        Assert.Equal("77d", Text(Values(longer, "kube-prometheus-stack"), "prometheus.prometheusSpec.retention"));
    }

    [Theory]
    [MemberData(nameof(PlacedContainers))]
    public void Pods_run_on_the_system_pool_and_tolerate_its_taints(Container container)
    {
        var pools = s_standard.Pools.Select(pool =>
            pool.Name == s_standard.System.Pool
                ? pool with
                {
                    Taints = [new("for", "platform", "NoExecute"), .. pool.Taints],
                }
                : pool
        );
        var values = At(Values(s_standard with { Pools = [.. pools] }, container.Service), container.Placement!);
        Assert.Equal(s_standard.System.Pool, Text(values, "nodeSelector.pool"));
        var tolerated = At(values, "tolerations")
            .AsArray()
            .Select(one => (Text(one!, "key"), Text(one!, "operator"), Text(one!, "value"), Text(one!, "effect")));
        Assert.Equal([("for", "Equal", "platform", "NoExecute"), ("dedicated", "Equal", "system", "NoSchedule")], tolerated);
    }

    [Theory]
    [MemberData(nameof(Serving))]
    public void Replicated_services_survive_the_loss_of_one_node(string service, string replicas, string budget, string spread)
    {
        var values = Values(s_enterprise, service);
        Assert.Equal(2, At(values, replicas).GetValue<int>());
        Assert.Contains(At(values, budget).ToJsonString(), (string[])["true", "1"]);
        var constraint = Assert.Single(At(values, spread).AsArray())!;
        Assert.Equal("kubernetes.io/hostname", Text(constraint, "topologyKey"));
        Assert.Equal("DoNotSchedule", Text(constraint, "whenUnsatisfiable"));
        // Without this policy a cordoned node keeps the replacement of a drained pod pending.
        Assert.Equal("Honor", Text(constraint, "nodeTaintsPolicy"));
    }

    [Fact]
    public void Charts_have_an_exact_version_and_an_encrypted_source()
    {
        foreach (var service in SharedServices.For(s_standard))
        {
            Assert.Matches(ExactVersion(), service.Chart.Version);
            Assert.Matches("^(https|oci)://", service.Chart.Repository);
            Assert.DoesNotContain("latest", service.Values.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Services_are_installed_after_their_dependencies()
    {
        var installed = new List<string>();
        foreach (var service in SharedServices.For(s_standard))
        {
            Assert.All(service.DependsOn, needed => Assert.Contains(needed, installed));
            Assert.DoesNotContain(service.Name, installed);
            installed.Add(service.Name);
        }
        // cert-manager crash-loops if Gateway API is enabled and its CRDs are absent.
        Assert.Contains("envoy-gateway", Service(s_standard, "cert-manager").DependsOn);
    }

    [Fact]
    public void Only_the_firewall_controller_is_in_kube_system()
    {
        Assert.All(SharedServices.For(s_enterprise), service => Assert.Equal("system", service.Namespace));
        Assert.Equal(
            ["cloud-firewall-crd", "cloud-firewall-controller"],
            SharedServices.For(s_standard).Where(service => service.Namespace == "kube-system").Select(service => service.Name)
        );
        Assert.Equal(2, SharedServices.For(s_standard).Count - SharedServices.For(s_enterprise).Count);
    }

    [Fact]
    public void Node_exporter_is_in_the_namespace_of_privileged_agents() =>
        Assert.Equal(
            "system-agents",
            Text(Values(s_enterprise, "kube-prometheus-stack"), "prometheus-node-exporter.namespaceOverride")
        );

    [Fact]
    public void Secrets_in_the_values_are_in_the_inventory_with_their_keys()
    {
        var stack = Values(s_enterprise, "kube-prometheus-stack");
        var admin = Secret(Text(stack, "grafana.admin.existingSecret"));
        Assert.Contains(Text(stack, "grafana.admin.userKey"), admin.Keys);
        Assert.Contains(Text(stack, "grafana.admin.passwordKey"), admin.Keys);
        var mounted = Assert.Single(At(stack, "alertmanager.alertmanagerSpec.secrets").AsArray())!.GetValue<string>();
        var receiver = At(stack, "alertmanager.config.receivers").AsArray()[0]!;
        var file = Text(receiver["slack_configs"]![0]!, "api_url_file");
        Assert.Equal($"/etc/alertmanager/secrets/{mounted}/{Secret(mounted).Keys.Single()}", file);

        static SecretSpec Secret(string name) => s_enterprise.System.Secrets.Single(secret => secret.Name == name);
    }

    [Fact]
    public void Grafana_and_kube_state_metrics_cannot_read_all_Secrets()
    {
        var stack = Values(s_enterprise, "kube-prometheus-stack");
        Assert.False(At(stack, "grafana.rbac.create").GetValue<bool>());
        Assert.Equal("configmap", Text(stack, "grafana.sidecar.dashboards.resource"));
        Assert.Equal("configmap", Text(stack, "grafana.sidecar.datasources.resource"));
        Assert.DoesNotContain(
            "secrets",
            At(stack, "kube-state-metrics.collectors").AsArray().Select(one => one!.GetValue<string>())
        );
    }

    [Fact]
    public void Prometheus_selects_monitors_and_rules_of_every_release()
    {
        var spec = At(Values(s_enterprise, "kube-prometheus-stack"), "prometheus.prometheusSpec").AsObject();
        Assert.All(
            (string[])["serviceMonitor", "podMonitor", "rule", "probe", "scrapeConfig"],
            kind => Assert.False(spec[$"{kind}SelectorNilUsesHelmValues"]!.GetValue<bool>())
        );
    }

    [Fact]
    public void Control_plane_parts_that_LKE_hides_are_not_scraped()
    {
        var stack = Values(s_enterprise, "kube-prometheus-stack");
        Assert.All(
            (string[])["kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy"],
            one => Assert.False(At(stack, $"{one}.enabled").GetValue<bool>())
        );
    }

    [Fact]
    public void Metrics_server_accepts_the_certificates_of_the_kubelets() =>
        Assert.Equal("""["--kubelet-insecure-tls"]""", At(Values(s_enterprise, "metrics-server"), "args").ToJsonString());

    [Fact]
    public void Chart_alerts_have_platform_labels_and_cover_system_only()
    {
        var rules = At(Values(s_enterprise, "kube-prometheus-stack"), "defaultRules");
        Assert.Equal("system", Text(rules, "additionalRuleLabels.environment"));
        Assert.Equal(s_enterprise.System.Owner, Text(rules, "additionalRuleLabels.owner"));
        Assert.Equal("system|system-agents", Text(rules, "appNamespacesTarget"));
        Assert.All(
            (string[])["general", "kubernetesApps", "kubernetesResources"],
            group => Assert.False(At(rules, $"rules.{group}").GetValue<bool>())
        );
    }

    [Fact]
    public void Helm_values_contain_no_Terraform_template() =>
        Assert.All(SharedServices.For(s_standard), service => Assert.DoesNotMatch("[$%][{]", service.Values.ToJsonString()));

    internal static JsonObject Values(PlatformSpec platform, string service) => Service(platform, service).Values;

    private static SharedService Service(PlatformSpec platform, string name) =>
        SharedServices.For(platform).Single(service => service.Name == name);

    private static JsonNode At(JsonNode values, string path) =>
        path.Split('.', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(
                values,
                (node, key) => node[key] ?? throw new KeyNotFoundException($"\"{path}\" is not set: \"{key}\" is missing.")
            );

    private static string Text(JsonNode values, string path) => At(values, path).GetValue<string>();

    [GeneratedRegex(@"^v?[0-9]+\.[0-9]+\.[0-9]+\z")]
    private static partial Regex ExactVersion();

    /// <summary>One container of a chart. Paths are paths in the Helm values.</summary>
    /// <param name="Service">The name of the service.</param>
    /// <param name="Resources">The path of its resources.</param>
    /// <param name="Placement">The path of its nodeSelector and tolerations; null if it runs on every node.</param>
    /// <param name="Replicas">The path of the number of its pods; null if the values do not set it.</param>
    /// <param name="Pods">The number of its pods if the values do not set it; 0 if it is not in the system namespace.</param>
    public sealed record Container(string Service, string Resources, string? Placement, string? Replicas = null, int Pods = 1)
    {
        internal int PodCount => Replicas is null ? Pods : At(Values(s_standard, Service), Replicas).GetValue<int>();

        internal decimal Amount(string kind, string resource) =>
            new Quantity(Text(Values(s_standard, Service), $"{Resources}.{kind}.{resource}")).Value;

        /// <inheritdoc/>
        public override string ToString() => $"{Service}: {Resources}";
    }
}
