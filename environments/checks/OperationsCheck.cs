using static System.FormattableString;
using static InfraCdktf.Environments.Checks.Quoting;
using Catalogue = InfraCdktf.Environments.Problems;

namespace InfraCdktf.Environments.Checks;

/// <summary>Operations: alerts, budget, off-hours, retention.</summary>
internal static class OperationsCheck
{
    public static IEnumerable<Problem> Problems(Platform platform) =>
        Place
            .Environments(platform)
            .SelectMany(part =>
                (IEnumerable<Problem>)
                    [
                        .. Routes(part.Environment, part.Place),
                        .. Thresholds(part.Environment.Thresholds, $"{part.Place}.thresholds"),
                        .. part.Environment.Budget.DollarsPerMonth > 0
                            ? Array.Empty<Problem>()
                            : [Catalogue.Budget.At($"{part.Place}.budget", part.Environment.Budget.ToString())],
                        .. part.Environment.OffHours is { } offHours ? Schedule(offHours, $"{part.Place}.offHours") : [],
                        .. Retention(part.Environment.Retention, $"{part.Place}.retention"),
                    ]
            );

    private static IEnumerable<Problem> Routes(Environment environment, string place)
    {
        if (environment.AlertRoutes.Count == 0)
            return [Catalogue.NoAlertRoute.At($"{place}.alertRoutes", "none")];
        return Enum.GetValues<Severity>()
            .Except(environment.AlertRoutes.SelectMany(route => route.Severities))
            .Select(severity => Catalogue.SeverityUncovered.At($"{place}.alertRoutes", $"no route for {severity}"));
    }

    private static IEnumerable<Problem> Thresholds(AlertThresholds thresholds, string place)
    {
        if (thresholds.CpuShare is <= 0 or > 1)
            yield return Catalogue.Threshold.At($"{place}.cpuShare", Invariant($"{thresholds.CpuShare}"));
        if (thresholds.MemoryShare is <= 0 or > 1)
            yield return Catalogue.Threshold.At($"{place}.memoryShare", Invariant($"{thresholds.MemoryShare}"));
        if (thresholds.IngressLatencyMilliseconds <= 0)
            yield return Catalogue.Threshold.At(
                $"{place}.ingressLatencyMilliseconds",
                Invariant($"{thresholds.IngressLatencyMilliseconds}")
            );
        if (thresholds.RequestSuccess is <= 0 or >= 1)
            yield return Catalogue.Threshold.At($"{place}.requestSuccess", Invariant($"{thresholds.RequestSuccess}"));
    }

    private static IEnumerable<Problem> Schedule(OffHours offHours, string place)
    {
        if (!LinodeFacts.TimeZones.Contains(offHours.TimeZone))
            yield return Catalogue.UnknownTimeZone.At($"{place}.timeZone", Quote(offHours.TimeZone));
        if (!Cron.IsValid(offHours.ScaleDown))
            yield return Catalogue.InvalidCron.At($"{place}.scaleDown", Quote(offHours.ScaleDown));
        if (!Cron.IsValid(offHours.ScaleUp))
            yield return Catalogue.InvalidCron.At($"{place}.scaleUp", Quote(offHours.ScaleUp));
    }

    private static IEnumerable<Problem> Retention(Retention retention, string place) =>
        new[]
        {
            (retention.MetricsDays, $"{place}.metricsDays"),
            (retention.LogsDays, $"{place}.logsDays"),
            (retention.TracesDays, $"{place}.tracesDays"),
        }
            .Where(days => days.Item1 <= 0)
            .Select(days => Catalogue.RetentionDays.At(days.Item2, Invariant($"{days.Item1}")));
}
