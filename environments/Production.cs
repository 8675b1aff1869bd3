using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments;

/// <summary>What customers use: three of everything that holds data, nobody deploys by hand.</summary>
public static class Production
{
    /// <summary>The inventory of the production environment.</summary>
    public static EnvironmentSpec Environment { get; } =
        new()
        {
            Name = "production",
            Purpose = "Serves customers.",
            Owner = "application-teams",
            Pool = "application",
            Quota = new()
            {
                RequestsCpu = "32",
                RequestsMemory = "56Gi",
                LimitsCpu = "80",
                LimitsMemory = "112Gi",
                Storage = "1Ti",
                Pods = 300,
            },
            Containers = new()
            {
                RequestCpu = "100m",
                RequestMemory = "128Mi",
                LimitCpu = "500m",
                LimitMemory = "256Mi",
                MaxCpu = "6",
                MaxMemory = "12Gi",
            },
            Services = new(Count: 30, Replicas: 3),
            Access = [new("jane-doe", AccessProfile.Viewer), new("richard-roe", AccessProfile.Operator), new("deploy-bot", AccessProfile.Deployer)],
            DataStore = new()
            {
                PostgresVersion = 16,
                Type = "g6-dedicated-4",
                Nodes = 3,
                Subnet = "10.64.18.0/24",
            },
            Buckets =
            [
                new("media", Versioned: true, ExpireAfterDays: 90),
                new("backups", Versioned: true, ExpireAfterDays: 90),
                new("logs", Versioned: false, ExpireAfterDays: 90),
                new("static", Versioned: true, ExpireAfterDays: 90),
            ],
            Secrets =
            [
                new("datastore", ["username", "password"], RotateAfterDays: 60),
                new("object-storage", ["access-key", "secret-key"], RotateAfterDays: 60),
            ],
            Exposure = new("apps"),
            AlertRoutes = [new("#platform-oncall", [Severity.Critical]), new("#platform-production", [Severity.Warning])],
            Thresholds = new()
            {
                CpuShare = 0.75m,
                MemoryShare = 0.8m,
                IngressLatencyMilliseconds = 300,
            },
            Budget = new(5000m),
            Retention = new(MetricsDays: 30, LogsDays: 90, TracesDays: 14),
        };
}
