using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Services;

/// <summary>Helm values of the shared services: settings that a typo or an upgrade must not change.</summary>
[Trait("Level", "pure")]
public sealed partial class SharedServicesTests
{
    private static readonly PlatformSpec s_enterprise = Inventory.Platform with { Tier = ClusterTier.Enterprise };
    private static readonly PlatformSpec s_standard = Inventory.Platform with { Tier = ClusterTier.Standard };

    /// <summary>Every workload of every shared service, on the tier that has the most.</summary>
    public static TheoryData<string, string> Workloads => Data(All(s_standard));

    /// <summary>The workloads with more than one pod: a drained node stops only one of them.</summary>
    public static TheoryData<string, string> Replicated => Data(All(s_standard).Where(one => one.Workload.Replicas > 1));

    /// <summary>Node-loss check, capacity check and documents read the record; the cluster gets the values.</summary>
    [Theory]
    [MemberData(nameof(Workloads))]
    public void Workload_record_agrees_with_the_values(string service, string name)
    {
        var (one, workload, root) = Find(s_standard, service, name);
        var paths = workload.Values;
        if (paths.Replicas is null)
        {
            Assert.Equal(1, workload.Replicas);
            Assert.Empty(UnrecordedReplicas(one, root, paths.Placement));
        }
        else
        {
            Assert.Equal(workload.Replicas, At(root, paths.Replicas).GetValue<int>());
        }
        Assert.Equal(workload.Resources.ToJson().ToJsonString(), At(root, paths.Resources).ToJsonString());
        Assert.Equal(
            workload.Sidecars.Select(sidecar => sidecar.ToJson().ToJsonString()),
            paths.Sidecars.Select(path => At(root, path).ToJsonString())
        );
        Assert.Equal(workload.MinAvailable is not null, HasBudget(root, paths.Budget));
    }

    [Theory]
    [InlineData("sealed-secrets", "", "replicas")]
    [InlineData("cert-manager", "startupapicheck", "replicaCount")]
    [InlineData("envoy-gateway", "certgen", "replicas")]
    public void Replica_count_without_a_record_is_found(string name, string path, string key)
    {
        var service = Service(s_standard, name);
        var values = service.Values.DeepClone().AsObject();
        At(values, path)[key] = 2;
        var found = service
            .Workloads.Where(workload => workload.Values is { Replicas: null, Root: null })
            .SelectMany(workload => UnrecordedReplicas(service with { Values = values }, values, workload.Values.Placement))
            .Distinct();
        Assert.Equal([path.Length == 0 ? key : $"{path}.{key}"], found);
    }

    /// <summary>A container that no workload has is in no capacity check.</summary>
    [Fact]
    public void Every_container_in_the_values_belongs_to_a_workload()
    {
        foreach (var service in SharedServices.For(s_standard))
        {
            var known = service
                .Workloads.Where(workload => workload.Values.Root is null)
                .SelectMany(workload => workload.Values.Sidecars.Prepend(workload.Values.Resources));
            Assert.Empty(ResourcePaths(service.Values, "").Except(known));
        }
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Containers_have_requests_and_limits_within_the_limit_range(string service, string name)
    {
        var most = s_standard.System.Containers;
        foreach (var one in Containers(Find(s_standard, service, name).Workload))
        {
            Within(one.RequestCpu, one.LimitCpu, most.MaxCpu);
            Within(one.RequestMemory, one.LimitMemory, most.MaxMemory);
        }

        static void Within(Quantity request, Quantity limit, Quantity max)
        {
            Assert.InRange(request.Value, 0.000001m, limit.Value);
            Assert.InRange(limit.Value, request.Value, max.Value);
        }
    }

    /// <summary>
    /// Kubernetes accepts a Deployment that exceeds the quota, but does not start its pods: part of the platform is then missing.
    /// </summary>
    [Fact]
    public void Shared_services_and_gateway_proxies_fit_the_system_quota()
    {
        var (system, quota) = (s_standard.System, s_standard.System.Quota);
        var pods = All(s_standard)
            .Where(one => one.Service.Namespace == system.Name.Text && one.Workload.Kind != WorkloadKind.DaemonSet)
            .Select(one => one.Workload)
            .ToList();
        Assert.Contains(pods, workload => workload.Name == "gateway proxies");

        Fits(quota.RequestsCpu, one => one.RequestCpu);
        Fits(quota.RequestsMemory, one => one.RequestMemory);
        Fits(quota.LimitsCpu, one => one.LimitCpu);
        Fits(quota.LimitsMemory, one => one.LimitMemory);
        Assert.InRange(pods.Sum(workload => workload.Replicas), 1, quota.Pods);

        void Fits(Quantity available, Func<ContainerResources, Quantity> amount) =>
            Assert.InRange(
                pods.Sum(workload => workload.Replicas * Containers(workload).Sum(one => amount(one).Value)),
                0.1m,
                available.Value
            );
    }

    /// <summary>It never calls the API server (kube-prometheus-stack 88.5.3: both values are true by default).</summary>
    [Fact]
    public void Alertmanager_has_no_token()
    {
        var values = At(Values(s_standard, "kube-prometheus-stack"), "alertmanager");
        Assert.False(At(values, "serviceAccount.automountServiceAccountToken").GetValue<bool>());
        Assert.False(At(values, "alertmanagerSpec.automountServiceAccountToken").GetValue<bool>());
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
        var longer = s_enterprise with { System = s_enterprise.System with { MetricsDays = 77 } };
        Assert.Equal("30d", Text(Values(s_enterprise, "kube-prometheus-stack"), "prometheus.prometheusSpec.retention"));
        Assert.Equal("77d", Text(Values(longer, "kube-prometheus-stack"), "prometheus.prometheusSpec.retention"));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Pods_run_on_the_system_pool_and_tolerate_its_taints(string service, string name)
    {
        var pools = s_standard.Pools.Select(pool =>
            pool.Name == s_standard.System.Pool
                ? pool with
                {
                    Taints = [new("for", "platform", "NoExecute"), .. pool.Taints],
                }
                : pool
        );
        var (_, workload, root) = Find(s_standard with { Pools = [.. pools] }, service, name);
        var values = At(root, workload.Values.Placement);
        if (workload.Kind == WorkloadKind.DaemonSet)
        {
            Assert.Null(values["nodeSelector"]);
            Assert.Equal("Exists", Text(Assert.Single(At(values, "tolerations").AsArray())!, "operator"));
            return;
        }
        Assert.Equal(s_standard.System.Pool, Text(values, "nodeSelector.pool"));
        var tolerated = At(values, "tolerations")
            .AsArray()
            .Select(one => (Text(one!, "key"), Text(one!, "operator"), Text(one!, "value"), Text(one!, "effect")));
        Assert.Equal([("for", "Equal", "platform", "NoExecute"), ("dedicated", "Equal", "system", "NoSchedule")], tolerated);
    }

    [Theory]
    [MemberData(nameof(Replicated))]
    public void Replicated_services_survive_the_loss_of_one_node(string service, string name)
    {
        var (_, workload, root) = Find(s_standard, service, name);
        Assert.True(HasBudget(root, workload.Values.Budget));
        var constraint = Assert.Single(At(At(root, workload.Values.Placement), "topologySpreadConstraints").AsArray())!;
        Assert.Equal("kubernetes.io/hostname", Text(constraint, "topologyKey"));
        Assert.Equal("DoNotSchedule", Text(constraint, "whenUnsatisfiable"));
        // Without this policy a cordoned node keeps the replacement of a drained pod pending.
        Assert.Equal("Honor", Text(constraint, "nodeTaintsPolicy"));
    }

    [Fact]
    public void Secrets_of_the_services_are_in_the_inventory()
    {
        foreach (var secret in SharedServices.For(s_standard).SelectMany(service => service.Secrets))
            Assert.Empty(secret.Keys.Except(s_standard.System.Secrets.Single(one => one.Name == secret.Name).Keys));
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

    /// <summary>
    /// Those with a <c>crds/</c> folder, seen in the charts' repositories. cert-manager and cloud-firewall-crd have their CRDs in
    /// templates; metrics-server and cloud-firewall-controller have none.
    /// </summary>
    [Fact]
    public void Charts_with_a_crds_folder_name_the_groups_of_its_CRDs() =>
        Assert.Equal(
            [
                "envoy-gateway: gateway.networking.k8s.io gateway.networking.x-k8s.io gateway.envoyproxy.io",
                "kube-prometheus-stack: monitoring.coreos.com",
                "sealed-secrets: bitnami.com",
            ],
            SharedServices
                .For(s_standard)
                .Where(service => service.Chart.CrdGroups.Count > 0)
                .Select(service => $"{service.Name.Text}: {string.Join(' ', service.Chart.CrdGroups)}")
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Services_are_installed_after_their_dependencies()
    {
        var installed = new List<ServiceName>();
        foreach (var service in SharedServices.For(s_standard))
        {
            Assert.All(service.DependsOn, needed => Assert.Contains(needed, installed));
            Assert.DoesNotContain(service.Name, installed);
            installed.Add(service.Name);
        }
        // cert-manager crash-loops if Gateway API is enabled and its CRDs are absent.
        Assert.Contains(EnvoyGateway.Name, Service(s_standard, "cert-manager").DependsOn);
    }

    [Fact]
    public void Only_the_firewall_controller_is_in_kube_system()
    {
        Assert.All(SharedServices.For(s_enterprise), service => Assert.Equal("system", service.Namespace));
        Assert.Equal(
            ["cloud-firewall-crd", "cloud-firewall-controller"],
            SharedServices
                .For(s_standard)
                .Where(service => service.Namespace == "kube-system")
                .Select(service => service.Name.Text)
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

    /// <summary>The table in docs/access.md is about the installed charts, in the installed versions.</summary>
    [Fact]
    public void Access_page_says_of_each_chart_whether_it_reads_Secrets()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "access.md"));
        var rows = page[
            page.IndexOf("## Charts that read Secrets", StringComparison.Ordinal)..page.IndexOf(
                "## Grant access",
                StringComparison.Ordinal
            )
        ]
            .Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .ToList();
        var services = new[] { s_standard, s_enterprise }.SelectMany(SharedServices.For).ToList();
        Assert.All(
            services,
            service =>
                Assert.Contains(
                    rows,
                    row =>
                        row.StartsWith($"| `{service.Name}`", StringComparison.Ordinal)
                        && row.Contains($" {service.Chart.Version}: ", StringComparison.Ordinal)
                )
        );
        Assert.All(rows, row => Assert.Contains(services, service => row.Contains($"`{service.Name}`")));
        Assert.All(rows, row => Assert.Matches(@"\A\| [^|]+ \| (yes|no)[^|]* \| [^|]{8,} \| [a-z-]+ v?[0-9.]+: [^|]+ \|\z", row));
    }

    /// <summary>
    /// The LimitRange gives each container a limit of local disk, unless the chart's values set one. The default values of the
    /// pinned charts set none (docs/admission.md), so only ours can be too large, or need more than the limit.
    /// </summary>
    [Fact]
    public void Charts_keep_data_on_volumes_and_sizes_within_the_limit()
    {
        foreach (var service in new[] { s_standard, s_enterprise }.SelectMany(SharedServices.For))
        foreach (var (path, size) in Sizes(service.Values, ""))
            Assert.True(
                new Quantity(size).Value <= s_enterprise.System.Containers.LimitDisk.Value,
                $"{service.Name}: {path} is {size}"
            );
        var stack = Values(s_enterprise, "kube-prometheus-stack");
        Assert.NotNull(At(stack, "prometheus.prometheusSpec.storageSpec.volumeClaimTemplate"));
        Assert.NotNull(At(stack, "alertmanager.alertmanagerSpec.storage.volumeClaimTemplate"));

        static IEnumerable<(string Path, string Size)> Sizes(JsonNode? node, string path) =>
            node switch
            {
                JsonObject map => map.SelectMany(entry =>
                    entry.Key is "ephemeral-storage" or "sizeLimit"
                        ? [($"{path}.{entry.Key}", $"{entry.Value}")]
                        : Sizes(entry.Value, $"{path}.{entry.Key}")
                ),
                JsonArray list => list.SelectMany(item => Sizes(item, path)),
                _ => [],
            };
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
        SharedServices.For(platform).Single(service => service.Name.Text == name);

    private static JsonNode At(JsonNode values, string path) =>
        path.Split('.', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(
                values,
                (node, key) =>
                    (node is JsonArray list ? list[int.Parse(key, CultureInfo.InvariantCulture)] : node[key])
                    ?? throw new KeyNotFoundException($"\"{path}\" is not set: \"{key}\" is missing.")
            );

    private static string Text(JsonNode values, string path) => At(values, path).GetValue<string>();

    [GeneratedRegex(@"^v?[0-9]+\.[0-9]+\.[0-9]+\z")]
    private static partial Regex ExactVersion();

    private static TheoryData<string, string> Data(IEnumerable<(SharedService Service, ServiceWorkload Workload)> workloads)
    {
        var data = new TheoryData<string, string>();
        foreach (var (service, workload) in workloads)
            data.Add(service.Name.Text, workload.Name);
        return data;
    }

    private static IEnumerable<(SharedService Service, ServiceWorkload Workload)> All(PlatformSpec platform) =>
        SharedServices.For(platform).SelectMany(service => service.Workloads.Select(workload => (service, workload)));

    private static (SharedService Service, ServiceWorkload Workload, JsonNode Root) Find(
        PlatformSpec platform,
        string service,
        string workload
    )
    {
        var found = All(platform).Single(one => one.Service.Name.Text == service && one.Workload.Name == workload);
        return (found.Service, found.Workload, found.Workload.Values.Root ?? found.Service.Values);
    }

    private static IEnumerable<ContainerResources> Containers(ServiceWorkload workload) =>
        workload.Sidecars.Prepend(workload.Resources);

    // The charts set minAvailable 1 if the budget is enabled without a number.
    private static bool HasBudget(JsonNode root, string? path) =>
        path?.Split('.').Aggregate((JsonNode?)root, (node, key) => node?[key]) is { } budget
        && ((bool?)budget["enabled"] ?? (int?)budget["minAvailable"] is 1);

    // Replica counts at the placement path and at its parent, except those that another workload of the service records.
    private static IEnumerable<string> UnrecordedReplicas(SharedService service, JsonNode root, string placement)
    {
        var parent = placement.Contains('.') ? placement[..placement.LastIndexOf('.')] : "";
        var recorded = service
            .Workloads.Where(workload => (workload.Values.Root ?? service.Values) == root)
            .Select(workload => workload.Values.Replicas);
        return from path in (string[])[placement, parent]
            from key in (string[])["replicas", "replicaCount"]
            where At(root, path)[key] is not null
            let full = path.Length == 0 ? key : $"{path}.{key}"
            where !recorded.Contains(full)
            select full;
    }

    private static IEnumerable<string> ResourcePaths(JsonNode? node, string path) =>
        node switch
        {
            JsonObject { Count: > 0 } json => json.SelectMany(field =>
                field.Key == "resources" && field.Value?["requests"]?["cpu"] is not null
                    ? [$"{path}{field.Key}"]
                    : ResourcePaths(field.Value, $"{path}{field.Key}.")
            ),
            _ => [],
        };
}
