using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>Operations: alerts, budget, off-hours, retention.</summary>
internal static class OperationsCheck
{
    public static IEnumerable<Problem> Problems(PlatformSpec platform) =>
        InventoryPath
            .Environments(platform)
            .SelectMany(part =>
                (IEnumerable<Problem>)
                    [
                        .. Routes(part.Environment, part.Place),
                        .. Thresholds(part.Environment.Thresholds, $"{part.Place}.thresholds"),
                        .. part.Environment.Budget.DollarsPerMonth > 0
                            ? Array.Empty<Problem>()
                            : [ProblemCatalog.Budget.At($"{part.Place}.budget", part.Environment.Budget.ToString())],
                        .. part.Environment.OffHours is { } offHours ? Schedule(offHours, $"{part.Place}.offHours") : [],
                        .. Retention(part.Environment.Retention, $"{part.Place}.retention"),
                    ]
            );

    private static IEnumerable<Problem> Routes(EnvironmentSpec environment, string place)
    {
        if (environment.AlertRoutes.Count == 0)
            return [ProblemCatalog.NoAlertRoute.At($"{place}.alertRoutes", "none")];
        return Enum.GetValues<Severity>()
            .Except(environment.AlertRoutes.SelectMany(route => route.Severities))
            .Select(severity => ProblemCatalog.SeverityUncovered.At($"{place}.alertRoutes", $"no route for {severity}"));
    }

    private static IEnumerable<Problem> Thresholds(AlertThresholds thresholds, string place)
    {
        if (thresholds.CpuShare is <= 0 or > 1)
            yield return ProblemCatalog.Threshold.At($"{place}.cpuShare", Invariant($"{thresholds.CpuShare}"));
        if (thresholds.MemoryShare is <= 0 or > 1)
            yield return ProblemCatalog.Threshold.At($"{place}.memoryShare", Invariant($"{thresholds.MemoryShare}"));
        if (thresholds.IngressLatencyMilliseconds <= 0)
            yield return ProblemCatalog.Threshold.At(
                $"{place}.ingressLatencyMilliseconds",
                Invariant($"{thresholds.IngressLatencyMilliseconds}")
            );
        if (thresholds.RequestSuccess is <= 0 or >= 1)
            yield return ProblemCatalog.Threshold.At($"{place}.requestSuccess", Invariant($"{thresholds.RequestSuccess}"));
    }

    private static IEnumerable<Problem> Schedule(OffHours offHours, string place)
    {
        if (!LinodeFacts.TimeZones.Contains(offHours.TimeZone))
            yield return ProblemCatalog.UnknownTimeZone.At($"{place}.timeZone", Quote(offHours.TimeZone));
        if (!Cron.IsValid(offHours.ScaleDown))
            yield return ProblemCatalog.InvalidCron.At($"{place}.scaleDown", Quote(offHours.ScaleDown));
        if (!Cron.IsValid(offHours.ScaleUp))
            yield return ProblemCatalog.InvalidCron.At($"{place}.scaleUp", Quote(offHours.ScaleUp));
    }

    private static IEnumerable<Problem> Retention(Retention retention, string place) =>
        new[]
        {
            (retention.MetricsDays, $"{place}.metricsDays"),
            (retention.LogsDays, $"{place}.logsDays"),
            (retention.TracesDays, $"{place}.tracesDays"),
        }
            .Where(days => days.Item1 <= 0)
            .Select(days => ProblemCatalog.RetentionDays.At(days.Item2, Invariant($"{days.Item1}")));
}
