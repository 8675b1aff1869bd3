using InfraCdktf.Constructs.Network;

namespace InfraCdktf.Tests.Constructs.Observability;

/// <summary>
/// Scenarios of the alerts about access and isolation. Most of these alerts report an event: they fire with the first sample that
/// shows it.
/// </summary>
public static class AccessAlertScenarios
{
    /// <summary>A counter has no series before its first event.</summary>
    private static readonly string s_firstEvent = $"_x{AlertScenarios.HealthySamples} 1+0x{AlertScenarios.BadSamples}";

    private static readonly string s_anotherEvent = AlertScenarios.Gauge(7, 8);

    private static readonly string s_unchanged = AlertScenarios.Gauge(7, 7);

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<AlertScenario> All { get; } =
    [
        Refused("AccessPolicyRefused", "critical", "environment-boundary", "deny", s_firstEvent),
        Refused("AccessPolicyRefused", "critical", "bounded-roles", "deny", s_anotherEvent),
        Refused("AccessPolicyRefused", "critical", "token-requests", "deny", s_firstEvent),
        Refused("PlatformObjectTouched", "warning", "platform-objects", "deny", s_firstEvent),
        Refused("BreakGlassUsed", "warning", "break-glass-use", "audit", s_firstEvent),
        new()
        {
            Alert = "GrantRefused",
            Severity = "critical",
            FiresAfterSeconds = 0,
            Labels = new Dictionary<string, string> { ["resource"] = "rolebindings" },
            Breach = [Server, Requests("rolebindings", "403", s_firstEvent)],
            Near =
            [
                [Server, Requests("rolebindings", "201", s_firstEvent)],
                [Server, Requests("pods", "403", s_firstEvent)],
                [Server, Requests("rolebindings", "403", s_unchanged)],
            ],
        },
        new()
        {
            Alert = "RefusalsBurst",
            Severity = "warning",
            FiresAfterSeconds = 30,
            Breach = [Attempts("denied", AlertScenarios.Counter(0.1m, 1))],
            Near =
            [
                [Attempts("denied", AlertScenarios.Counter(0.1m, 0.4m))],
                [Attempts("allowed", AlertScenarios.Counter(100, 1000))],
            ],
        },
        new()
        {
            Alert = "IsolationBroken",
            Severity = "critical",
            FiresAfterSeconds = 0,
            Labels = new Dictionary<string, string> { ["namespace"] = "development", ["job_name"] = "isolation-probe-29380123" },
            Breach = [.. Job("isolation-probe-29380123", AlertScenarios.Gauge(0, 1))],
            Near =
            [
                [.. Job("nightly-report-29380123", AlertScenarios.Gauge(0, 1))],
                [.. Job("isolation-probe-29380123", AlertScenarios.Gauge(0, 0))],
                // Its target is not ready, or nodes refuse its pods (OutOfpods): nothing is proven, and nothing is broken.
                [.. Job("isolation-probe-29380123", AlertScenarios.Gauge(0, 1), "DeadlineExceeded")],
                [.. Job("isolation-probe-29380123", AlertScenarios.Gauge(0, 1), "BackoffLimitExceeded")],
                [.. Job("isolation-probe-29380123", AlertScenarios.Gauge(0, 1), "Evicted")],
                // A pod has failed and the job runs; and another job has failed.
                [FailedPods("isolation-probe-29380123", AlertScenarios.Gauge(0, 1), "")],
                [
                    FailedPods("isolation-probe-29380123", AlertScenarios.Gauge(0, 1), ""),
                    FailedJob("isolation-probe-29380120", AlertScenarios.Gauge(0, 1)),
                ],
            ],
        },
        new()
        {
            // A newer kube-state-metrics may know the reason.
            Alert = "IsolationBroken",
            Severity = "critical",
            FiresAfterSeconds = 0,
            Labels = new Dictionary<string, string> { ["namespace"] = "development", ["job_name"] = "isolation-probe-29380123" },
            Breach = [.. Job("isolation-probe-29380123", AlertScenarios.Gauge(0, 1), IsolationProbe.BrokenReason)],
            Near = [],
        },
        new()
        {
            Alert = "IsolationUnproven",
            Severity = "warning",
            FiresAfterSeconds = 600,
            Labels = new Dictionary<string, string> { ["namespace"] = "development" },
            // The last success was at 570 s, with the last healthy sample.
            Breach = [Probe("status_last_successful_time", $"0+30x19 570+0x{AlertScenarios.BadSamples}")],
            Near =
            [
                // Each sample shows a success ten minutes ago.
                [Probe("status_last_successful_time", $"0+0x20 30+30x{AlertScenarios.BadSamples}")],
                // An old CronJob that is successful now.
                [Probe("created", "0+0x70"), Probe("status_last_successful_time", "0+30x70")],
            ],
        },
        new()
        {
            Alert = "IsolationUnproven",
            Severity = "warning",
            // Created at 0 s and never successful.
            FiresAfterSeconds = 30,
            Labels = new Dictionary<string, string> { ["namespace"] = "development" },
            Breach = [Probe("created", "0+0x70")],
            Near = [],
        },
    ];

    private static AlertScenario Refused(string alert, string severity, string policy, string action, string values) =>
        new()
        {
            Alert = alert,
            Severity = severity,
            FiresAfterSeconds = 0,
            Labels = new Dictionary<string, string> { ["policy"] = policy },
            Breach = [Server, Checks(policy, action, values)],
            Near =
            [
                // The other policies check workloads: their refusals are for the author of the workload.
                [Server, Checks("pinned-images", "deny", values)],
                [Server, Checks(policy, "allow", values)],
                // An old refusal that does not repeat was already reported.
                [Server, Checks(policy, action, s_unchanged)],
                // Prometheus has just started to scrape the API server; its counters can be old.
                [new(Server.Name, s_firstEvent), Checks(policy, action, s_firstEvent)],
            ],
        };

    private static Series Server =>
        new($"up{{job=\"apiserver\", instance=\"{Instance}\", namespace=\"default\"}}", AlertScenarios.Gauge(1, 1));

    private const string Instance = "10.0.0.10:6443";

    private static Series Checks(string policy, string action, string values) =>
        new(
            $"apiserver_validating_admission_policy_check_total{{policy=\"{policy}\", policy_binding=\"{policy}\", "
                + $"enforcement_action=\"{action}\", error_type=\"no_error\", job=\"apiserver\", instance=\"{Instance}\"}}",
            values
        );

    private static Series Requests(string resource, string code, string values) =>
        new(
            $"apiserver_request_total{{resource=\"{resource}\", verb=\"POST\", code=\"{code}\", "
                + $"job=\"apiserver\", instance=\"{Instance}\"}}",
            values
        );

    private static Series Attempts(string result, string values) =>
        new($"authorization_attempts_total{{result=\"{result}\", job=\"apiserver\", instance=\"{Instance}\"}}", values);

    /// <summary>
    /// The series of kube-state-metrics for a failed job; <paramref name="reason"/> is "" for a reason that it does not know.
    /// </summary>
    private static IEnumerable<Series> Job(string name, string values, string reason = "") =>
        [FailedPods(name, values, reason), FailedJob(name, values)];

    private static Series FailedPods(string name, string values, string reason) =>
        new($"kube_job_status_failed{{namespace=\"development\", job_name=\"{name}\", reason=\"{reason}\"}}", values);

    private static Series FailedJob(string name, string values) =>
        new($"kube_job_failed{{namespace=\"development\", job_name=\"{name}\", condition=\"true\"}}", values);

    private static Series Probe(string metric, string values) =>
        new($"kube_cronjob_{metric}{{namespace=\"development\", cronjob=\"isolation-probe\"}}", values);
}
