using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>
/// Alerts about nodes and about all shared services. Alerts about one service are in that service's file in
/// <c>constructs/services/</c>.
/// </summary>
public static class PlatformAlerts
{
    /// <summary>The runbook of these alerts.</summary>
    public const string Runbook = "platform-alerts";

    /// <summary>The alerts.</summary>
    public static IReadOnlyList<Alert> For(PlatformSpec platform)
    {
        var system = platform.System;
        var namespaces = $"namespace=~\"{system.Name}|{system.AgentsNamespace}|kube-system\"";
        var labels = $"namespace=\"{system.Name}\"";

        Alert Alert(string name, string severity, int minutes, string expression, string summary, string description) =>
            new()
            {
                Name = name,
                Severity = severity,
                ForMinutes = minutes,
                Expression = expression,
                Environment = system,
                Summary = summary,
                Description = description,
                Runbook = Runbook,
            };

        var critical = AlertRouting.Label(Severity.Critical);
        var warning = AlertRouting.Label(Severity.Warning);
        return
        [
            Alert(
                "NodeNotReady",
                critical,
                5,
                """kube_node_status_condition{condition="Ready", status="true"} == 0""",
                "Node {{ $labels.node }} is not ready.",
                "It has not been ready for 5 minutes. Kubernetes moves its pods to other nodes if these have capacity."
            ),
            Alert(
                "NodeUnderPressure",
                warning,
                5,
                """kube_node_status_condition{condition=~"DiskPressure|MemoryPressure|PIDPressure", status="true"} == 1""",
                "Node {{ $labels.node }} reports {{ $labels.condition }}.",
                "It has done so for 5 minutes. Pods are evicted from it, and no pod is scheduled to it."
            ),
            Alert(
                "SharedServiceDown",
                critical,
                5,
                $$"""
                label_replace(
                  kube_deployment_status_replicas_available{{{labels}}} == 0 and kube_deployment_spec_replicas{{{labels}}} > 0,
                  "workload", "$1", "deployment", "(.+)"
                )
                or
                label_replace(
                  kube_statefulset_status_replicas_ready{{{labels}}} == 0 and kube_statefulset_replicas{{{labels}}} > 0,
                  "workload", "$1", "statefulset", "(.+)"
                )
                """,
                "{{ $labels.workload }} has no ready pod.",
                "A service that all environments share has been down for 5 minutes."
            ),
            Alert(
                "TargetDown",
                warning,
                15,
                $$"""count by (namespace, job) (up{{{namespaces}}} == 0) > 0""",
                "{{ $value }} targets of {{ $labels.job }} in namespace {{ $labels.namespace }} cannot be scraped.",
                "They have been down for 15 minutes. Their metrics are missing from dashboards and alerts."
            ),
        ];
    }
}
