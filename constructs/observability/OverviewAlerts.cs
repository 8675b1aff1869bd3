using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>The alerts of every environment. Their limits are values of its inventory.</summary>
public static class OverviewAlerts
{
    /// <summary>The runbook of these alerts.</summary>
    public const string Runbook = "environment-alerts";

    /// <summary>
    /// The request rate (per second) below which no alert about a share of requests fires: below it, one slow or failed request
    /// in a five-minute window (30 requests) would be enough.
    /// </summary>
    private const decimal MeaningfulTraffic = 0.1m;

    /// <summary>The share of a quota above which a rolling update may not start its extra pod.</summary>
    public const decimal QuotaNearlyGone = 0.95m;

    /// <summary>The alerts of an environment.</summary>
    public static IReadOnlyList<Alert> For(PlatformSpec platform, EnvironmentSpec environment)
    {
        var signals = Signals.Of(environment);
        var thresholds = environment.Thresholds;
        var withTraffic = $"and on (environment) {signals.RequestRate.Query} > {Signals.Number(MeaningfulTraffic)}";

        Alert Alert(string name, Severity severity, int minutes, string expression, string summary, string description) =>
            new()
            {
                Name = name,
                Severity = AlertRouting.Label(severity),
                ForMinutes = minutes,
                Expression = expression,
                Environment = environment,
                Summary = summary,
                Description = description,
                Runbook = Runbook,
            };

        return
        [
            Alert(
                "CpuNearQuota",
                Severity.Warning,
                10,
                $"{signals.CpuShare.Query} > {Signals.Number(thresholds.CpuShare)}",
                "Namespace {{ $labels.namespace }} uses {{ $value | humanizePercentage }} of its CPU quota.",
                $"Limit: {Signals.Number(thresholds.CpuShare)} of the quota's CPU requests, for 10 minutes."
            ),
            Alert(
                "MemoryNearQuota",
                Severity.Warning,
                10,
                $"{signals.MemoryShare.Query} > {Signals.Number(thresholds.MemoryShare)}",
                "Namespace {{ $labels.namespace }} uses {{ $value | humanizePercentage }} of its memory quota.",
                $"Limit: {Signals.Number(thresholds.MemoryShare)} of the quota's memory requests, for 10 minutes."
            ),
            Alert(
                "QuotaNearlyGone",
                Severity.Warning,
                15,
                $"{signals.QuotaShare.Query} >= {Signals.Number(QuotaNearlyGone)}",
                "Namespace {{ $labels.namespace }} requests {{ $value | humanizePercentage }} "
                    + "of its quota of {{ $labels.resource }}.",
                "Above the quota, Kubernetes accepts a Deployment but does not start its pods."
            ),
            Alert(
                "PodsNotReady",
                Severity.Warning,
                15,
                $"{signals.PodsReady.Query} < 1",
                "Only {{ $value | humanizePercentage }} of the pods in namespace {{ $labels.namespace }} are ready.",
                "At least one pod that should run has not been ready for 15 minutes."
            ),
            Alert(
                "PodsNotReady",
                Severity.Critical,
                5,
                $"{signals.PodsReady.Query} < 0.5",
                "Only {{ $value | humanizePercentage }} of the pods in namespace {{ $labels.namespace }} are ready.",
                "More than half of the pods that should run have not been ready for 5 minutes."
            ),
            Alert(
                "ContainersCrashLooping",
                Severity.Warning,
                10,
                $"{signals.CrashLooping.Query} > 0",
                "{{ $value }} containers keep crashing in namespace {{ $labels.namespace }}.",
                "They have been in CrashLoopBackOff for 10 minutes."
            ),
            Alert(
                "IngressLatencyHigh",
                Severity.Warning,
                5,
                $"{signals.Latency.Query} > {thresholds.IngressLatencyMilliseconds} {withTraffic}",
                $"1 in 100 requests to {environment.Name} takes longer than {{{{ $value | printf \"%.0f\" }}}} ms.",
                $"Limit: {thresholds.IngressLatencyMilliseconds} ms at the 99th percentile, "
                    + "as the gateway measures it, for 5 minutes."
            ),
            Alert(
                "RequestSuccessLow",
                Severity.Critical,
                5,
                $"{signals.RequestSuccess.Query} < {Signals.Number(thresholds.RequestSuccess)} {withTraffic}",
                $"Only {{{{ $value | humanizePercentage }}}} of the requests to {environment.Name} succeed.",
                $"Limit: {Signals.Number(thresholds.RequestSuccess)} of requests answered without a 5xx "
                    + "at the gateway, for 5 minutes."
            ),
        ];
    }
}
