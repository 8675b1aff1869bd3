using System.Globalization;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>
/// What is measured about one environment: each signal is recorded once, under one name, and read by alerts and dashboards alike, so that
/// a graph and the alert about it can never disagree.
/// <para>
/// Ingress is measured at the gateway. Envoy Gateway names the cluster of each rule <c>httproute/{namespace}/{route}/rule/{n}</c>, and
/// Envoy's Prometheus output carries it as <c>envoy_cluster_name</c>, the class of an answer as <c>envoy_response_code_class</c> ("5"),
/// times in milliseconds (envoyproxy/gateway: its own dashboards and end-to-end tests query these). A route without any backend is
/// answered by Envoy itself and in none of these series.
/// </para>
/// </summary>
public sealed class Signals
{
    private const string Window = "5m";

    private readonly EnvironmentSpec _environment;
    private readonly string _namespaces;
    private readonly string _routes;

    private Signals(PlatformSpec platform, EnvironmentSpec environment)
    {
        _environment = environment;
        _namespaces = $"namespace=~\"{string.Join('|', environment.Namespaces)}\"";
        // The gateway is a service of the system environment, so that environment's ingress is all that passes it.
        var routed = environment == platform.System ? "[^/]+" : $"({string.Join('|', environment.Namespaces)})";
        _routes = $"envoy_cluster_name=~\"httproute/{routed}/.+\"";
    }

    /// <summary>The signals of an environment.</summary>
    public static Signals Of(PlatformSpec platform, EnvironmentSpec environment) => new(platform, environment);

    /// <summary>CPU in use as a share of the requests that each namespace's quota grants; above 1 it lives on what others leave over.</summary>
    public Signal CpuShare =>
        Signal(
            "namespace:cpu_usage:share_of_quota",
            $"""
            sum by (namespace) (rate(container_cpu_usage_seconds_total{Braces($"{_namespaces}, container!=\"\"")}[{Window}]))
            / on (namespace)
            min by (namespace) (kube_resourcequota{Braces($"{_namespaces}, resource=\"requests.cpu\", type=\"hard\"")})
            """
        );

    /// <summary>Memory in use (working set) as a share of the requests that each namespace's quota grants.</summary>
    public Signal MemoryShare =>
        Signal(
            "namespace:memory_usage:share_of_quota",
            $"""
            sum by (namespace) (container_memory_working_set_bytes{Braces($"{_namespaces}, container!=\"\"")})
            / on (namespace)
            min by (namespace) (kube_resourcequota{Braces($"{_namespaces}, resource=\"requests.memory\", type=\"hard\"")})
            """
        );

    /// <summary>What has been asked for of each resource that the quota limits, as a share: at 1 new pods do not start. A quota of none has no share, and
    /// Services are left out: the gateway's load balancer is the only one there may be, so that quota is used up in health.</summary>
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

    /// <summary>Share of pods that are ready, of those that are meant to run. Absent while a namespace has none: a sleeping environment is healthy.</summary>
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

    /// <summary>Containers that keep crashing. A crash loop waits longer and longer, so a short look back bridges each next try.</summary>
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

    /// <summary>Requests a second that reached a route of the environment.</summary>
    public Signal RequestRate =>
        Signal("environment:ingress_requests:rate5m", $"sum(rate(envoy_cluster_upstream_rq_xx{Braces(_routes)}[{Window}]))");

    /// <summary>99th percentile of the time that the environment's services take to answer the gateway, in milliseconds.</summary>
    public Signal Latency =>
        Signal(
            "environment:ingress_latency_milliseconds:p99_5m",
            $"histogram_quantile(0.99, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{Braces(_routes)}[{Window}])))"
        );

    /// <summary>Share of requests that were answered without a server error. "or vector(0)", because Envoy has no series of errors until the first.</summary>
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
/// <param name="Record">Its name: level, what is measured, how (Prometheus' convention for recording rules).</param>
/// <param name="Expression">The PromQL that is recorded.</param>
/// <param name="Environment">The label <c>environment</c> that it is recorded with.</param>
public sealed record Signal(string Record, string Expression, string Environment)
{
    /// <summary>The PromQL that reads it.</summary>
    public string Query => $"{Record}{{environment=\"{Environment}\"}}";
}
