using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments;

/// <summary>The platform's own environment: the services that all others share.</summary>
public static class SystemEnvironment
{
    /// <summary>The inventory of the system environment.</summary>
    public static SystemEnvironmentSpec Environment { get; } =
        new()
        {
            Name = "system",
            Purpose = "Shared services: gateway, certificates, metrics, secrets.",
            Owner = "platform-team",
            Pool = "system",
            Quota = new()
            {
                RequestsCpu = "14",
                RequestsMemory = "28Gi",
                LimitsCpu = "64",
                LimitsMemory = "56Gi",
                Storage = "500Gi",
                Pods = 150,
            },
            LoadBalancers = 1,
            Containers = new()
            {
                RequestCpu = "100m",
                RequestMemory = "128Mi",
                LimitCpu = "1",
                LimitMemory = "512Mi",
                MaxCpu = "4",
                MaxMemory = "8Gi",
            },
            Services = new(Count: 20, Replicas: 2),
            Access = [new("richard-roe", AccessProfile.Restarter)],
            AdmissionExceptions =
            [
                new(
                    WorkloadRule.PinnedImages,
                    EnforcementMode.Warn,
                    "Charts choose the images; their versions are pinned, so is what they bring."
                ),
                new(
                    WorkloadRule.BoundedContainers,
                    EnforcementMode.Warn,
                    "Values set all that charts let them set; a hook that forgets must not stop an upgrade."
                ),
                new(
                    WorkloadRule.OwnedWorkloads,
                    EnforcementMode.Off,
                    "Charts label their workloads themselves; the namespace bears owner and environment."
                ),
                new(WorkloadRule.CommonPriority, EnforcementMode.Off, "What all environments share comes before each of them."),
                new(WorkloadRule.NoMountedTokens, EnforcementMode.Off, "Controllers live by the Kubernetes API."),
                new(WorkloadRule.OwnPool, EnforcementMode.Off, "Agents run on the nodes of every pool."),
            ],
            Buckets = [new("backups"), new("logs")],
            Secrets = [new("alert-routes", ["slack-webhook-url"]), new("grafana-admin", ["admin-user", "admin-password"])],
            AlertRoutes = [new("#platform-oncall", [Severity.Critical]), new("#platform", [Severity.Warning])],
            MetricsDays = 30,
        };
}
