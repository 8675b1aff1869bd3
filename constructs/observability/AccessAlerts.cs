using InfraCdktf.Constructs.Admission;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>
/// Alerts about access and isolation, which reach the platform's channel within five minutes: a refused attempt to get more
/// rights, use of break-glass, or a forbidden connection that is open. A request that RBAC refuses is not counted in
/// <c>apiserver_request_total</c> (measured on Kubernetes 1.34). No metric contains the user; the audit log does.
/// </summary>
public static class AccessAlerts
{
    /// <summary>The runbook of these alerts.</summary>
    public const string Runbook = "access-alerts";

    /// <summary>The API server, as kube-prometheus-stack scrapes it (<c>kubeApiServer</c>).</summary>
    public const string ApiServerJob = "apiserver";

    /// <summary>Refusals within two minutes above which an alert fires: more than a mistake causes.</summary>
    private const int Burst = 60;

    /// <summary>Seconds without a successful run of the probe after which an alert fires.</summary>
    private const int Unproven = 600;

    /// <summary>The policies that also refuse mistakes of teams; their alert is a warning.</summary>
    private static readonly string[] s_refuseMistakes = ["platform-objects", "own-monitoring"];

    /// <summary>The alerts.</summary>
    public static IReadOnlyList<Alert> For(PlatformSpec platform)
    {
        var probe = IsolationProbe.Name;
        return
        [
            Alert(
                "AccessPolicyRefused",
                Severity.Critical,
                Grown(Checks("deny", AdmissionPolicies.AccessPolicies.Except(s_refuseMistakes)), "policy"),
                "Admission policy {{ $labels.policy }} refused a request.",
                "The request was for a role, a binding, a token, an address, or a pipeline's write outside its environment."
            ),
            Alert(
                "PlatformObjectTouched",
                Severity.Warning,
                Grown(Checks("deny", s_refuseMistakes), "policy"),
                "A change of an object of the platform, or a reach into another environment's monitoring, was refused.",
                "Network policies, quotas, bindings and release records change only through the platform's pipeline."
            ),
            Alert(
                "GrantRefused",
                Severity.Critical,
                Grown(
                    "apiserver_request_total{code=\"403\", resource=~\"roles|rolebindings|clusterroles|clusterrolebindings\"}",
                    "resource"
                ),
                "A grant of rights that its author does not have was refused ({{ $labels.resource }}).",
                "The API server refused a role or a binding with more rights than its author has."
            ),
            Alert(
                "RefusalsBurst",
                Severity.Warning,
                $"sum(increase(authorization_attempts_total{{result=\"denied\"}}[2m])) > {Burst}",
                "{{ $value | printf \"%.0f\" }} requests were refused within two minutes.",
                $"More than {Burst}: a user or a program repeats requests without the right to make them."
            ),
            Alert(
                "BreakGlassUsed",
                Severity.Warning,
                Grown(Checks("audit", [AdmissionPolicies.BreakGlassUse]), "policy"),
                "Break-glass is in use.",
                "A break-glass token was created, or an object was written with one. Reads are in the audit log only."
            ),
            Alert(
                "IsolationBroken",
                Severity.Critical,
                // kube-state-metrics 2.20 knows three reasons and gives every other one as "", as it does for a job that has a
                // failed pod and still runs (internal/store/job.go). Only a job that has failed is counted.
                $$"""
                max by (namespace, job_name) (
                  kube_job_status_failed{job_name=~"{{probe}}-[0-9]+", reason=~"|{{IsolationProbe.BrokenReason}}"}
                  and on (namespace, job_name) kube_job_failed{condition="true"} == 1
                ) > 0
                """,
                "A connection of {{ $labels.namespace }} is open that should be closed ({{ $labels.job_name }}).",
                "The isolation probe connected to a forbidden address. The job's log shows which."
            ),
            Alert(
                "IsolationUnproven",
                Severity.Warning,
                $$"""
                time() - max by (namespace) (
                  kube_cronjob_status_last_successful_time{cronjob="{{probe}}"} or kube_cronjob_created{cronjob="{{probe}}"}
                ) > {{Unproven}}
                """,
                "The isolation probe of {{ $labels.namespace }} has not succeeded for {{ $value | humanizeDuration }}.",
                "Its control connections fail, or it does not run. While this lasts, nothing proves the isolation."
            ),
        ];

        Alert Alert(string name, Severity severity, string expression, string summary, string description) =>
            new()
            {
                Name = name,
                Severity = AlertRouting.Label(severity),
                // Each of these is an event without a duration.
                ForMinutes = 0,
                Expression = expression,
                Environment = platform.System,
                Summary = summary,
                Description = description,
                Runbook = Runbook,
            };
    }

    private static string Checks(string action, IEnumerable<string> policies) =>
        $"apiserver_validating_admission_policy_check_total{{enforcement_action=\"{action}\", "
        + $"policy=~\"{string.Join('|', policies)}\"}}";

    // A counter of the API server does not exist before it is 1, and increase() does not see the start of a series: a series that
    // exists now and did not five minutes ago, although the server was scraped then, has increased as well.
    private static string Grown(string series, string by) =>
        $$"""
            sum by ({{by}}) (increase({{series}}[5m])) > 0
            or
            sum by ({{by}}) (
              ({{series}} unless {{series}} offset 5m)
              and on (instance) (up{job="{{ApiServerJob}}"} offset 5m == 1)
            ) > 0
            """;
}
