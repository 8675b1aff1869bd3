using System.Globalization;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>
/// The measurements of one environment. Each signal is recorded once, under one name, and both alerts and dashboards read the
/// recorded series, so a graph and its alert always agree.
/// <para>
/// Ingress is measured at the gateway. Envoy Gateway names the cluster of each rule
/// <c>httproute/{namespace}/{route}/rule/{n}</c>, and Envoy's Prometheus output carries it as <c>envoy_cluster_name</c>, the
/// class of an answer as <c>envoy_response_code_class</c> ("5"), times in milliseconds (envoyproxy/gateway: its own dashboards
/// and end-to-end tests query these). Envoy itself answers a route without a backend; such answers are in none of these series.
/// </para>
/// </summary>
public sealed class Signals
{
    private const string Window = "5m";

    private readonly EnvironmentSpec _environment;
    private readonly string _namespaces;
    private readonly string _routes;

    private Signals(EnvironmentSpec environment)
    {
        _environment = environment;
        _namespaces = $"namespace=~\"{string.Join('|', environment.Namespaces)}\"";
        var routed = environment.IngressNamespaces is { } namespaces ? $"({string.Join('|', namespaces)})" : "[^/]+";
        _routes = $"envoy_cluster_name=~\"httproute/{routed}/.+\"";
    }

    /// <summary>The signals of an environment.</summary>
    public static Signals Of(EnvironmentSpec environment) => new(environment);

    /// <summary>
    /// CPU in use as a share of the CPU requests in each namespace's quota. Above 1 it uses capacity that others leave free.
    /// </summary>
    public Signal CpuShare =>
        Signal(
            "namespace:cpu_usage:share_of_quota",
            $"""
            sum by (namespace) (rate(container_cpu_usage_seconds_total{Braces($"{_namespaces}, container!=\"\"")}[{Window}]))
            / on (namespace)
            min by (namespace) (kube_resourcequota{Braces($"{_namespaces}, resource=\"requests.cpu\", type=\"hard\"")})
            """
        );

    /// <summary>Memory in use (working set) as a share of the memory requests in each namespace's quota.</summary>
    public Signal MemoryShare =>
        Signal(
            "namespace:memory_usage:share_of_quota",
            $"""
            sum by (namespace) (container_memory_working_set_bytes{Braces($"{_namespaces}, container!=\"\"")})
            / on (namespace)
            min by (namespace) (kube_resourcequota{Braces($"{_namespaces}, resource=\"requests.memory\", type=\"hard\"")})
            """
        );

    /// <summary>
    /// The requested share of each resource in the quota: at 1, new pods do not start. A quota of 0 has no share. Services are
    /// excluded: the gateway's load balancer is the only one allowed, so that quota is always used up.
    /// </summary>
    public Signal QuotaShare =>
        Signal(
            "namespace:quota_requested:share",
            $"""
            max by (namespace, resource) (
              kube_resourcequota{Braces($"{_namespaces}, type=\"used\"")}
              / ignoring (type)
              (kube_resourcequota{Braces($"{_namespaces}, resource!~\"services[.].+\", type=\"hard\"")} > 0)
            )
            """
        );

    /// <summary>
    /// The share of pods that are ready, of those that should run. Absent while a namespace has none: an environment that is
    /// scaled to zero is healthy.
    /// </summary>
    public Signal PodsReady =>
        Signal(
            "namespace:pods_ready:share",
            $"""
            avg by (namespace) (
              kube_pod_status_ready{Braces($"{_namespaces}, condition=\"true\"")}
              unless on (namespace, pod)
              (kube_pod_status_phase{Braces($"{_namespaces}, phase=~\"Succeeded|Failed\"")} == 1)
            )
            """
        );

    /// <summary>Containers in a crash loop. The 5-minute window spans restart back-off.</summary>
    public Signal CrashLooping =>
        Signal(
            "namespace:containers_crash_looping:count",
            $"""
            count by (namespace) (
              max_over_time(kube_pod_container_status_waiting_reason{Braces(
                $"{_namespaces}, reason=\"CrashLoopBackOff\""
            )}[{Window}]) == 1
            )
            """
        );

    /// <summary>Requests per second to the routes of the environment.</summary>
    public Signal RequestRate =>
        Signal("environment:ingress_requests:rate5m", $"sum(rate(envoy_cluster_upstream_rq_xx{Braces(_routes)}[{Window}]))");

    /// <summary>
    /// The 99th percentile of the response time of the environment's services, as the gateway measures it, in milliseconds.
    /// </summary>
    public Signal Latency =>
        Signal(
            "environment:ingress_latency_milliseconds:p99_5m",
            $"histogram_quantile(0.99, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{Braces(_routes)}[{Window}])))"
        );

    /// <summary>
    /// The share of requests answered without a server error. <c>or vector(0)</c>: Envoy has no series of errors until the first
    /// error.
    /// </summary>
    public Signal RequestSuccess =>
        Signal(
            "environment:ingress_request_success:share_5m",
            $"""
            1 - (
              sum(rate(envoy_cluster_upstream_rq_xx{Braces(
                $"{_routes}, envoy_response_code_class=\"5\""
            )}[{Window}])) or vector(0)
            )
            / sum(rate(envoy_cluster_upstream_rq_xx{Braces(_routes)}[{Window}]))
            """
        );

    /// <summary>All signals, in the order in which they are recorded.</summary>
    public IReadOnlyList<Signal> All =>
        [CpuShare, MemoryShare, QuotaShare, PodsReady, CrashLooping, RequestRate, Latency, RequestSuccess];

    /// <summary>A number as PromQL writes it, in every culture.</summary>
    internal static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Braces(string matchers) => "{" + matchers + "}";

    private Signal Signal(string record, string expression) => new(record, expression, _environment.Name.Text);
}

/// <summary>One recorded series.</summary>
/// <param name="Record">Its name: level, metric, operation (Prometheus' convention for recording rules).</param>
/// <param name="Expression">The PromQL that is recorded.</param>
/// <param name="Environment">The label <c>environment</c> that it is recorded with.</param>
public sealed record Signal(string Record, string Expression, string Environment)
{
    /// <summary>The PromQL that reads it.</summary>
    public string Query => $"{Record}{{environment=\"{Environment}\"}}";
}
