namespace InfraCdktf.Environments.Model;

/// <summary>When an environment sleeps.</summary>
/// <param name="TimeZone">An IANA name ("Europe/Berlin").</param>
/// <param name="ScaleDown">Cron expression (five fields) at which workloads go to zero.</param>
/// <param name="ScaleUp">Cron expression at which they come back.</param>
public sealed record OffHours(string TimeZone, string ScaleDown, string ScaleUp);
