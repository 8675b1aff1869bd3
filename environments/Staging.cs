using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments;

/// <summary>The last environment before production: the same structure, fewer replicas.</summary>
public static class Staging
{
    /// <summary>The inventory of the staging environment.</summary>
    public static ApplicationEnvironmentSpec Environment { get; } =
        new()
        {
            Name = "staging",
            Purpose = "Mirror of production; releases are accepted here.",
            Owner = "application-teams",
            Pool = "application",
            Quota = new()
            {
                RequestsCpu = "16",
                RequestsMemory = "24Gi",
                LimitsCpu = "48",
                LimitsMemory = "48Gi",
                Storage = "400Gi",
                Pods = 200,
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
            Services = new(Count: 30, Replicas: 2),
            ImageRegistries = ["registry.example.com"],
            Access =
            [
                new("jane-doe", AccessProfile.Developer),
                new("richard-roe", AccessProfile.Operator),
                new("deploy-bot", AccessProfile.Deployer),
            ],
            DataStore = new()
            {
                PostgresVersion = 16,
                Type = "g6-dedicated-2",
                Nodes = 2,
                Subnet = "10.64.17.0/24",
            },
            Buckets = [new("media"), new("backups"), new("logs"), new("static")],
            Exposure = new("staging"),
            AlertRoutes = [new("#platform-staging", [Severity.Critical, Severity.Warning])],
            MetricsDays = 15,
        };
}
