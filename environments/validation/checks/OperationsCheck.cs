using InfraCdktf.Environments.Model;
using static System.FormattableString;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>Operations: alert routes, alert thresholds, and the days for which metrics are kept.</summary>
internal static class OperationsCheck
{
    /// <summary>
    /// A hundred years. Prometheus counts nanoseconds in 64 bits, which end after 292 years (prometheus/common,
    /// model.ParseDuration), and does not start with a longer retention.
    /// </summary>
    private const int MostMetricsDays = 36_500;

    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory) =>
        inventory
            .Environments()
            .SelectMany(environment =>
                (IEnumerable<Problem>)
                    [
                        .. Routes(environment.Of(spec => spec.AlertRoutes)),
                        .. Thresholds(environment.Of(spec => spec.Thresholds)),
                        .. Metrics(environment.Of(spec => spec.MetricsDays)),
                    ]
            );

    private static IEnumerable<Problem> Routes(InventoryValue<IReadOnlyList<AlertRoute>> routes) =>
        routes.Value.Count == 0
            ? [ProblemCatalog.NoAlertRoute.At(routes.Path, "none")]
            : Enum.GetValues<Severity>()
                .Except(routes.Value.SelectMany(route => route.Severities))
                .Select(severity => ProblemCatalog.SeverityUncovered.At(routes.Path, $"no route for {severity}"));

    private static IEnumerable<Problem> Thresholds(InventoryValue<AlertThresholds> thresholds) =>
        [
            .. Threshold(thresholds.Of(one => one.CpuShare), share => share is > 0 and <= 1),
            .. Threshold(thresholds.Of(one => one.MemoryShare), share => share is > 0 and <= 1),
            .. Threshold(thresholds.Of(one => one.IngressLatencyMilliseconds), milliseconds => milliseconds > 0),
            .. Threshold(thresholds.Of(one => one.RequestSuccess), share => share is > 0 and < 1),
        ];

    private static IEnumerable<Problem> Threshold<T>(InventoryValue<T> threshold, Func<T, bool> isValid)
    {
        if (!isValid(threshold.Value))
            yield return ProblemCatalog.Threshold.At(threshold.Path, Invariant($"{threshold.Value}"));
    }

    private static IEnumerable<Problem> Metrics(InventoryValue<int> days)
    {
        if (days.Value is <= 0 or > MostMetricsDays)
            yield return ProblemCatalog.MetricsDays.At(days.Path, Invariant($"{days.Value}"));
    }
}
