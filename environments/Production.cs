using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments;

/// <summary>The environment of the customers: three database nodes, deployments by workflow only.</summary>
public static class Production
{
    /// <summary>The inventory of the production environment.</summary>
    public static ApplicationEnvironmentSpec Environment { get; } =
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
            ImageRegistries = ["registry.example.com"],
            Access =
            [
                new("jane-doe", AccessProfile.Viewer),
                new("richard-roe", AccessProfile.Operator),
                new("deploy-bot", AccessProfile.Deployer),
            ],
            DataStore = new()
            {
                PostgresVersion = 16,
                Type = "g6-dedicated-4",
                Nodes = 3,
                Subnet = "10.64.18.0/24",
            },
            Buckets = [new("media"), new("backups"), new("logs"), new("static")],
            Exposure = new("apps"),
            AlertRoutes = [new("#platform-oncall", [Severity.Critical]), new("#platform-production", [Severity.Warning])],
            Thresholds = new()
            {
                CpuShare = 0.75m,
                MemoryShare = 0.8m,
                IngressLatencyMilliseconds = 300,
            },
            MetricsDays = 30,
        };
}
