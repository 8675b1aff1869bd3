using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments;

/// <summary>The first environment of every change: small, without redundancy.</summary>
public static class Development
{
    /// <summary>The inventory of the development environment.</summary>
    public static ApplicationEnvironmentSpec Environment { get; } =
        new()
        {
            Name = "development",
            Purpose = "First environment of every change; it may break.",
            Owner = "application-teams",
            Pool = "application",
            Quota = new()
            {
                RequestsCpu = "8",
                RequestsMemory = "16Gi",
                LimitsCpu = "32",
                LimitsMemory = "32Gi",
                Storage = "200Gi",
                Pods = 120,
            },
            Containers = new()
            {
                RequestCpu = "100m",
                RequestMemory = "128Mi",
                LimitCpu = "500m",
                LimitMemory = "256Mi",
                MaxCpu = "4",
                MaxMemory = "8Gi",
            },
            Services = new(Count: 30, Replicas: 1),
            ImageRegistries = ["registry.example.com", "registry.example.com:5000/team", "docker.io/library"],
            Access = [new("jane-doe", AccessProfile.Developer), new("deploy-bot", AccessProfile.Deployer)],
            DataStore = new()
            {
                PostgresVersion = 16,
                Type = "g6-standard-1",
                Nodes = 1,
                Subnet = "10.64.16.0/24",
            },
            Buckets = [new("media"), new("backups"), new("logs"), new("static")],
            Exposure = new("dev"),
            AlertRoutes = [new("#platform-dev", [Severity.Critical, Severity.Warning])],
            Thresholds = new() { IngressLatencyMilliseconds = 1000, RequestSuccess = 0.95m },
            MetricsDays = 7,
        };
}
