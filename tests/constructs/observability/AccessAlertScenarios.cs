namespace InfraCdktf.Tests.Constructs.Observability;

/// <summary>The scenarios of the alerts about access and isolation. Most are events: they fire with the first sample that shows them.</summary>
public static class AccessAlertScenarios
{
    /// <summary>The series of a counter that nothing has happened to is not there at all.</summary>
    private static readonly string s_born = $"_x{AlertScenarios.HealthySamples} 1+0x{AlertScenarios.BadSamples}";

    private static readonly string s_grown = AlertScenarios.Gauge(7, 8);

    private static readonly string s_old = AlertScenarios.Gauge(7, 7);

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<AlertScenario> All { get; } =
    [
        Refused("AccessPolicyRefused", "critical", "environment-boundary", "deny", s_born),
        Refused("AccessPolicyRefused", "critical", "bounded-roles", "deny", s_grown),
        Refused("AccessPolicyRefused", "critical", "token-requests", "deny", s_born),
        Refused("PlatformObjectTouched", "warning", "platform-objects", "deny", s_born),
        Refused("BreakGlassUsed", "warning", "break-glass-use", "audit", s_born),
        new()
        {
            Alert = "GrantRefused",
            Severity = "critical",
            FiresAfterSeconds = 0,
            Labels = new Dictionary<string, string> { ["resource"] = "rolebindings" },
            Breach = [Server, Requests("rolebindings", "403", s_born)],
            Near =
            [
                [Server, Requests("rolebindings", "201", s_born)],
                [Server, Requests("pods", "403", s_born)],
                [Server, Requests("rolebindings", "403", s_old)],
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
            Breach = [Job("isolation-probe-29380123", AlertScenarios.Gauge(0, 1))],
            Near =
            [
                [Job("nightly-report-29380123", AlertScenarios.Gauge(0, 1))],
                [Job("isolation-probe-29380123", AlertScenarios.Gauge(0, 0))],
            ],
        },
        new()
        {
            Alert = "IsolationUnproven",
            Severity = "warning",
            FiresAfterSeconds = 600,
            Labels = new Dictionary<string, string> { ["namespace"] = "development" },
            // The last success was at 570 s, the last of the healthy samples.
            Breach = [Probe("status_last_successful_time", $"0+30x19 570+0x{AlertScenarios.BadSamples}")],
            Near =
            [
                // Ten minutes ago, each time.
                [Probe("status_last_successful_time", $"0+0x20 30+30x{AlertScenarios.BadSamples}")],
                // Made long ago, and successful now.
                [Probe("created", "0+0x70"), Probe("status_last_successful_time", "0+30x70")],
            ],
        },
        new()
        {
            Alert = "IsolationUnproven",
            Severity = "warning",
            // Made at 0 s, and never successful.
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
                // A workload's mistake is its author's affair; and what was refused long ago has been told.
                [Server, Checks("pinned-images", "deny", values)],
                [Server, Checks(policy, "allow", values)],
                [Server, Checks(policy, action, s_old)],
                // Prometheus has just begun to see the server, whose counters are old.
                [new(Server.Name, s_born), Checks(policy, action, s_born)],
            ],
        };

    private static Series Server =>
        new($"up{{job=\"apiserver\", instance=\"{Instance}\", namespace=\"default\"}}", AlertScenarios.Gauge(1, 1));

    private const string Instance = "10.0.0.10:6443";

    private static Series Checks(string policy, string action, string values) =>
        new(
            $"apiserver_validating_admission_policy_check_total{{policy=\"{policy}\", policy_binding=\"{policy}\", enforcement_action=\"{action}\", error_type=\"no_error\", job=\"apiserver\", instance=\"{Instance}\"}}",
            values
        );

    private static Series Requests(string resource, string code, string values) =>
        new(
            $"apiserver_request_total{{resource=\"{resource}\", verb=\"POST\", code=\"{code}\", job=\"apiserver\", instance=\"{Instance}\"}}",
            values
        );

    private static Series Attempts(string result, string values) =>
        new($"authorization_attempts_total{{result=\"{result}\", job=\"apiserver\", instance=\"{Instance}\"}}", values);

    private static Series Job(string name, string values) =>
        new($"kube_job_status_failed{{namespace=\"development\", job_name=\"{name}\", reason=\"BackoffLimitExceeded\"}}", values);

    private static Series Probe(string metric, string values) =>
        new($"kube_cronjob_{metric}{{namespace=\"development\", cronjob=\"isolation-probe\"}}", values);
}
