using InfraCdktf.Constructs.Admission;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>
/// What the platform's channel is told within five minutes: somebody tried to get past a wall, used break-glass, or a wall has a hole.
/// Counted by what really counts (measured on Kubernetes 1.34): a request that roles refuse never reaches <c>apiserver_request_total</c>. No metric
/// says who it was; the audit log does.
/// </summary>
public static class AccessAlerts
{
    /// <summary>The runbook of these alerts.</summary>
    public const string Runbook = "access-alerts";

    /// <summary>The API server, as kube-prometheus-stack scrapes it (<c>kubeApiServer</c>).</summary>
    public const string ApiServerJob = "apiserver";

    /// <summary>Refusals within two minutes that are no longer somebody's mistake but somebody's search.</summary>
    private const int Burst = 60;

    /// <summary>Seconds without a successful run after which a probe proves nothing any more.</summary>
    private const int Unproven = 600;

    /// <summary>A policy that people meet by mistake.</summary>
    private const string MetByMistake = "platform-objects";

    /// <summary>The alerts.</summary>
    public static IReadOnlyList<Alert> For(PlatformSpec platform)
    {
        var probe = IsolationProbe.Name;
        return
        [
            Alert(
                "AccessPolicyRefused",
                Severity.Critical,
                Grown(Checks("deny", AdmissionPolicies.AccessPolicies.Where(policy => policy != MetByMistake)), "policy"),
                "Admission policy {{ $labels.policy }} refused somebody.",
                "A role, a binding, a token or a pipeline's write outside of its environment was tried and refused."
            ),
            Alert(
                "PlatformObjectTouched",
                Severity.Warning,
                Grown(Checks("deny", [MetByMistake]), "policy"),
                "Somebody tried to change an object of the platform by hand.",
                "It was refused. Walls, quotas, bindings and release records change through the platform's pipeline only."
            ),
            Alert(
                "GrantRefused",
                Severity.Critical,
                Grown(
                    "apiserver_request_total{code=\"403\", resource=~\"roles|rolebindings|clusterroles|clusterrolebindings\"}",
                    "resource"
                ),
                "Somebody tried to grant more than he has, by {{ $labels.resource }}.",
                "The API server refused a role or a binding beyond the rights of its author."
            ),
            Alert(
                "RefusalsBurst",
                Severity.Warning,
                $"sum(increase(authorization_attempts_total{{result=\"denied\"}}[2m])) > {Burst}",
                "{{ $value | printf \"%.0f\" }} requests were refused within two minutes.",
                $"More than {Burst}: somebody, or a program, tries what it has no right to."
            ),
            Alert(
                "BreakGlassUsed",
                Severity.Warning,
                Grown(Checks("audit", [AdmissionPolicies.BreakGlassUse]), "policy"),
                "Break-glass is in use.",
                "A token for break-glass was made, or one was used to write. Reads are in the audit log only."
            ),
            Alert(
                "IsolationBroken",
                Severity.Critical,
                $"max by (namespace, job_name) (kube_job_status_failed{{job_name=~\"{probe}-[0-9]+\"}}) > 0",
                "The isolation probe of {{ $labels.namespace }} failed ({{ $labels.job_name }}).",
                "A connection that is forbidden succeeded, or one that is allowed failed. The job's log says which."
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
                "Nothing proves the walls of this environment while this lasts."
            ),
        ];

        Alert Alert(string name, Severity severity, string expression, string summary, string description) =>
            new()
            {
                Name = name,
                Severity = AlertRouting.Label(severity),
                // Each of these is an event, over before it could have lasted.
                ForMinutes = 0,
                Expression = expression,
                Environment = platform.System,
                Summary = summary,
                Description = description,
                Runbook = Runbook,
            };
    }

    private static string Checks(string action, IEnumerable<string> policies) =>
        $"apiserver_validating_admission_policy_check_total{{enforcement_action=\"{action}\", policy=~\"{string.Join('|', policies)}\"}}";

    // A counter of the API server does not exist before it is 1, and increase() cannot see a series begin: what is there now and was not five
    // minutes ago, although the server was scraped then, has grown too.
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
