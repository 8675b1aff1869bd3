using System.Globalization;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Constructs.Observability;

/// <summary>An input series for promtool: ten minutes of healthy samples, then bad samples.</summary>
/// <param name="Name">The metric with its labels.</param>
/// <param name="Values">The samples in promtool's notation.</param>
public sealed record Series(string Name, string Values);

/// <summary>One alert: series that make it fire, series that do not, and the time until it fires.</summary>
public sealed record AlertScenario
{
    /// <summary>The name of the alert.</summary>
    public required string Alert { get; init; }

    /// <summary>Its severity.</summary>
    public required string Severity { get; init; }

    /// <summary>
    /// Seconds from the first bad sample until the alert fires: its <c>for</c>, plus the time until the five-minute window of its
    /// signal crosses the limit. Operators rely on this time (NFR: five minutes, for example), so a rule that becomes slower
    /// fails the test.
    /// </summary>
    public required int FiresAfterSeconds { get; init; }

    /// <summary>Labels of the firing alert, in addition to environment, owner and severity.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Series just beyond the limit.</summary>
    public required IReadOnlyList<Series> Breach { get; init; }

    /// <summary>Sets of series close to the limit that must not make the alert fire. Each set is a test of its own.</summary>
    public required IReadOnlyList<IReadOnlyList<Series>> Near { get; init; }
}

/// <summary>The scenarios of every alert, as raw metrics of the exporters.</summary>
public static class AlertScenarios
{
    /// <summary>Seconds between two samples, and between two evaluations of the rules (SharedServices).</summary>
    public const int Interval = 30;

    /// <summary>Number of healthy samples: ten minutes, twice the window of the signals.</summary>
    public const int HealthySamples = 20;

    /// <summary>Number of bad samples: longer than the slowest alert takes to fire.</summary>
    internal const int BadSamples = 50;

    /// <summary>The scenarios of an environment's overview alerts.</summary>
    public static IReadOnlyList<AlertScenario> Overview(EnvironmentSpec environment)
    {
        var namespaceName = environment.Name.Text;
        var limits = environment.Thresholds;
        var inNamespace = new Dictionary<string, string> { ["namespace"] = namespaceName };
        return
        [
            new()
            {
                Alert = "CpuNearQuota",
                Severity = "warning",
                // The value is 1 % above the limit, so the whole window must be bad.
                FiresAfterSeconds = 600 + 270,
                Labels = inNamespace,
                Breach = Cpu(1.01m),
                Near = [Cpu(0.99m)],
            },
            new()
            {
                Alert = "MemoryNearQuota",
                Severity = "warning",
                FiresAfterSeconds = 600,
                Labels = inNamespace,
                Breach = Memory(1.01m),
                Near = [Memory(0.99m)],
            },
            new()
            {
                Alert = "QuotaNearlyGone",
                Severity = "warning",
                FiresAfterSeconds = 900,
                Labels = new Dictionary<string, string> { ["namespace"] = namespaceName, ["resource"] = "pods" },
                Breach = Quota("pods", used: 95, hard: 100),
                Near =
                [
                    Quota("pods", used: 94, hard: 100),
                    // A quota of 0 (StatefulSets in the agents namespace, for example) has no share.
                    Quota("count/statefulsets.apps", used: 1, hard: 0),
                    // The gateway uses the only load balancer that the quota allows.
                    Quota("services.loadbalancers", used: 1, hard: 1),
                    Quota("services.nodeports", used: 2, hard: 2),
                ],
            },
            new()
            {
                Alert = "PodsNotReady",
                Severity = "warning",
                FiresAfterSeconds = 900,
                Labels = inNamespace,
                Breach = Pods(ready: 2, unready: 1),
                Near = [Pods(ready: 2, unready: 1, phase: "Succeeded"), Pods(ready: 2, unready: 1, phase: "Failed")],
            },
            new()
            {
                Alert = "PodsNotReady",
                Severity = "critical",
                FiresAfterSeconds = 300,
                Labels = inNamespace,
                Breach = Pods(ready: 1, unready: 2),
                Near = [Pods(ready: 1, unready: 1)],
            },
            new()
            {
                Alert = "ContainersCrashLooping",
                Severity = "warning",
                FiresAfterSeconds = 600,
                Labels = inNamespace,
                Breach = [Waiting("CrashLoopBackOff")],
                Near =
                [
                    [Waiting("ContainerCreating")],
                ],
            },
            new()
            {
                Alert = "IngressLatencyHigh",
                Severity = "warning",
                // Half of the window must be slow, because a percentile is interpolated between two buckets.
                FiresAfterSeconds = 300 + 120,
                Breach = Latency(limits.IngressLatencyMilliseconds * 1.02m, requestsASecond: 10),
                Near =
                [
                    Latency(limits.IngressLatencyMilliseconds, requestsASecond: 10),
                    Latency(limits.IngressLatencyMilliseconds * 2, requestsASecond: 0.05m),
                ],
            },
            new()
            {
                Alert = "RequestSuccessLow",
                Severity = "critical",
                // The failing share is 2 % above the limit, so the whole window must be bad.
                FiresAfterSeconds = 300 + 270,
                Breach = Requests(failing: (1 - limits.RequestSuccess) * 1.02m, requestsASecond: 100),
                Near =
                [
                    Requests(failing: (1 - limits.RequestSuccess) * 0.98m, requestsASecond: 100),
                    Requests(failing: 1, requestsASecond: 0.05m),
                ],
            },
        ];

        IReadOnlyList<Series> Cpu(decimal ofLimit)
        {
            var granted = environment.Quota.RequestsCpu.Value;
            return
            [
                new(
                    $"container_cpu_usage_seconds_total{{namespace=\"{namespaceName}\", pod=\"shop-1\", container=\"shop\"}}",
                    Counter(granted * 0.1m, granted * limits.CpuShare * ofLimit)
                ),
                // The pod's own cgroup is the sum of its containers. A rule that counts it would double the usage.
                new(
                    $"container_cpu_usage_seconds_total{{namespace=\"{namespaceName}\", pod=\"shop-1\", container=\"\"}}",
                    Counter(granted * 0.1m, granted * limits.CpuShare * ofLimit)
                ),
                Hard(namespaceName, "requests.cpu", granted),
            ];
        }

        IReadOnlyList<Series> Memory(decimal ofLimit)
        {
            var granted = environment.Quota.RequestsMemory.Value;
            return
            [
                new(
                    $"container_memory_working_set_bytes{{namespace=\"{namespaceName}\", pod=\"shop-1\", container=\"shop\"}}",
                    Gauge(granted / 10, granted * limits.MemoryShare * ofLimit)
                ),
                Hard(namespaceName, "requests.memory", granted),
            ];
        }

        IReadOnlyList<Series> Quota(string resource, int used, int hard) =>
            [
                new(
                    $"kube_resourcequota{{namespace=\"{namespaceName}\", resourcequota=\"quota\", "
                        + $"resource=\"{resource}\", type=\"used\"}}",
                    Gauge(0, used)
                ),
                Hard(namespaceName, resource, hard),
            ];

        IReadOnlyList<Series> Pods(int ready, int unready, string phase = "Running") =>
            [
                .. Enumerable.Range(0, ready).Select(pod => Ready($"ready-{pod}", 1)),
                .. Enumerable.Range(0, unready).Select(pod => Ready($"unready-{pod}", 0)),
                .. Enumerable
                    .Range(0, unready)
                    .Select(pod => new Series(
                        $"kube_pod_status_phase{{namespace=\"{namespaceName}\", pod=\"unready-{pod}\", phase=\"{phase}\"}}",
                        phase == "Running" ? Gauge(1, 1) : Gauge(0, 1)
                    )),
            ];

        Series Ready(string pod, int then) =>
            new($"kube_pod_status_ready{{namespace=\"{namespaceName}\", pod=\"{pod}\", condition=\"true\"}}", Gauge(1, then));

        Series Waiting(string reason) =>
            new(
                $"kube_pod_container_status_waiting_reason{{namespace=\"{namespaceName}\", pod=\"shop-1\", "
                    + $"container=\"shop\", reason=\"{reason}\"}}",
                $"_x{HealthySamples} 1+0x{BadSamples}"
            );

        // Healthy requests take at most a tenth of the limit. Bad requests take any time below `slowest`, so that their 99th
        // percentile is 0.99 of `slowest`.
        IReadOnlyList<Series> Latency(decimal slowest, decimal requestsASecond) =>
            [
                Bucket(Number(limits.IngressLatencyMilliseconds / 10m), Counter(requestsASecond, 0)),
                Bucket(Number(slowest), Counter(requestsASecond, requestsASecond)),
                Bucket("+Inf", Counter(requestsASecond, requestsASecond)),
                Answers(2, Counter(requestsASecond, requestsASecond)),
            ];

        Series Bucket(string le, string values) =>
            new(
                $"envoy_cluster_upstream_rq_time_bucket{{envoy_cluster_name=\"httproute/{namespaceName}/shop/rule/0\", "
                    + $"le=\"{le}\"}}",
                values
            );

        IReadOnlyList<Series> Requests(decimal failing, decimal requestsASecond) =>
            [
                Answers(2, Counter(requestsASecond, requestsASecond * (1 - failing))),
                Answers(5, Counter(0, requestsASecond * failing)),
            ];

        Series Answers(int code, string values) =>
            new(
                $"envoy_cluster_upstream_rq_xx{{envoy_cluster_name=\"httproute/{namespaceName}/shop/rule/0\", "
                    + $"envoy_response_code_class=\"{code}\"}}",
                values
            );
    }

    /// <summary>The scenarios of the alerts about shared services and nodes.</summary>
    public static IReadOnlyList<AlertScenario> Shared(PlatformSpec platform)
    {
        var system = platform.System.Name.Text;
        return
        [
            new()
            {
                Alert = "MetricsMissing",
                Severity = "critical",
                FiresAfterSeconds = 300,
                Labels = new Dictionary<string, string> { ["job"] = "kube-state-metrics" },
                Breach = [Up("kube-state-metrics", 0), Kubelet(1), ApiServer(1)],
                Near =
                [
                    [Up("kube-state-metrics", 1), Kubelet(1), ApiServer(1)],
                ],
            },
            new()
            {
                Alert = "MetricsMissing",
                Severity = "critical",
                FiresAfterSeconds = 300,
                Labels = new Dictionary<string, string> { ["job"] = "kubelet" },
                Breach = [Up("kube-state-metrics", 1), Kubelet(0), ApiServer(1)],
                // Not all kubelets are down: a problem of one node is not missing metrics.
                Near =
                [
                    [Up("kube-state-metrics", 1), Kubelet(1), Kubelet(0, "10.0.0.2:10250"), ApiServer(1)],
                ],
            },
            new()
            {
                Alert = "MetricsMissing",
                Severity = "critical",
                FiresAfterSeconds = 300,
                Labels = new Dictionary<string, string> { ["job"] = "apiserver" },
                Breach = [Up("kube-state-metrics", 1), Kubelet(1), ApiServer(0)],
                Near =
                [
                    [Up("kube-state-metrics", 1), Kubelet(1), ApiServer(1)],
                ],
            },
            new()
            {
                Alert = "NodeNotReady",
                Severity = "critical",
                FiresAfterSeconds = 300,
                Labels = new Dictionary<string, string>
                {
                    ["node"] = "lke-1",
                    ["condition"] = "Ready",
                    ["status"] = "true",
                },
                Breach = [Node("Ready", 1, 0)],
                Near =
                [
                    [Node("Ready", 1, 1)],
                ],
            },
            new()
            {
                Alert = "NodeUnderPressure",
                Severity = "warning",
                FiresAfterSeconds = 300,
                Labels = new Dictionary<string, string>
                {
                    ["node"] = "lke-1",
                    ["condition"] = "DiskPressure",
                    ["status"] = "true",
                },
                Breach = [Node("DiskPressure", 0, 1)],
                Near =
                [
                    [Node("NetworkUnavailable", 0, 1)],
                ],
            },
            new()
            {
                Alert = "SharedServiceDown",
                Severity = "critical",
                FiresAfterSeconds = 300,
                Labels = new Dictionary<string, string>
                {
                    ["namespace"] = system,
                    ["deployment"] = "cert-manager",
                    ["workload"] = "cert-manager",
                },
                Breach = Workload(system, "deployment", "status_replicas_available", "spec_replicas", "cert-manager", 0, 2),
                Near =
                [
                    Workload(system, "deployment", "status_replicas_available", "spec_replicas", "cert-manager", 1, 2),
                    // Scaled to zero on purpose.
                    Workload(system, "deployment", "status_replicas_available", "spec_replicas", "cert-manager", 0, 0),
                    Workload("development", "deployment", "status_replicas_available", "spec_replicas", "shop", 0, 2),
                ],
            },
            new()
            {
                Alert = "SharedServiceDown",
                Severity = "critical",
                FiresAfterSeconds = 300,
                Labels = new Dictionary<string, string>
                {
                    ["namespace"] = system,
                    ["statefulset"] = "prometheus",
                    ["workload"] = "prometheus",
                },
                Breach = Workload(system, "statefulset", "status_replicas_ready", "replicas", "prometheus", 0, 2),
                Near = [Workload(system, "statefulset", "status_replicas_ready", "replicas", "prometheus", 1, 2)],
            },
            new()
            {
                Alert = "TargetDown",
                Severity = "warning",
                FiresAfterSeconds = 900,
                Labels = new Dictionary<string, string> { ["namespace"] = system, ["job"] = "system/envoy-proxy" },
                Breach =
                [
                    new($"up{{namespace=\"{system}\", job=\"system/envoy-proxy\", instance=\"10.2.0.9:19001\"}}", Gauge(1, 0)),
                ],
                Near =
                [
                    [new("up{namespace=\"development\", job=\"development/shop\", instance=\"10.2.0.8:8080\"}", Gauge(1, 0))],
                ],
            },
        ];

        Series Up(string job, int then) =>
            new($"up{{namespace=\"{system}\", job=\"{job}\", instance=\"10.2.0.7:8080\"}}", Gauge(1, then));

        static Series ApiServer(int then) =>
            new("up{namespace=\"default\", job=\"apiserver\", instance=\"10.0.0.10:6443\"}", Gauge(1, then));

        static Series Kubelet(int then, string instance = "10.0.0.1:10250") =>
            new(
                $"up{{namespace=\"kube-system\", job=\"kubelet\", metrics_path=\"/metrics/cadvisor\", instance=\"{instance}\"}}",
                Gauge(1, then)
            );

        static Series Node(string condition, int before, int then) =>
            new($"kube_node_status_condition{{node=\"lke-1\", condition=\"{condition}\", status=\"true\"}}", Gauge(before, then));

        static IReadOnlyList<Series> Workload(
            string namespaceName,
            string kind,
            string serving,
            string wanted,
            string name,
            int served,
            int want
        ) =>
            [
                new($"kube_{kind}_{serving}{{namespace=\"{namespaceName}\", {kind}=\"{name}\"}}", Gauge(want, served)),
                new($"kube_{kind}_{wanted}{{namespace=\"{namespaceName}\", {kind}=\"{name}\"}}", Gauge(want, want)),
            ];
    }

    private static Series Hard(string namespaceName, string resource, decimal amount) =>
        new(
            $"kube_resourcequota{{namespace=\"{namespaceName}\", resourcequota=\"quota\", "
                + $"resource=\"{resource}\", type=\"hard\"}}",
            Gauge(amount, amount)
        );

    internal static string Gauge(decimal before, decimal then) =>
        $"{Number(before)}+0x{HealthySamples - 1} {Number(then)}+0x{BadSamples}";

    /// <summary>A counter that grows by <paramref name="before"/> a second, then by <paramref name="then"/> a second.</summary>
    internal static string Counter(decimal before, decimal then)
    {
        var (slow, fast) = (before * Interval, then * Interval);
        var firstBad = (slow * (HealthySamples - 1)) + fast;
        return $"0+{Number(slow)}x{HealthySamples - 1} {Number(firstBad)}+{Number(fast)}x{BadSamples}";
    }

    private static string Number(decimal value) => value.ToString("0.##########", CultureInfo.InvariantCulture);
}
