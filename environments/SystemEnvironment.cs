using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments;

/// <summary>The environment of the platform: the services that all environments share.</summary>
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
                // Five records of each release, and the dashboards and settings of the charts.
                ConfigMaps = 400,
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
            // Of the charts' default values at the pinned versions.
            ImageRegistries =
            [
                "docker.io/bitnami",
                "docker.io/envoyproxy",
                "docker.io/grafana",
                "ghcr.io/jkroepke",
                "ghcr.io/open-telemetry",
                "quay.io/jetstack",
                "quay.io/kiwigrid",
                "quay.io/prometheus",
                "quay.io/prometheus-operator",
                "registry.k8s.io",
            ],
            Access = [new("richard-roe", AccessProfile.Restarter)],
            AdmissionExceptions =
            [
                new(
                    WorkloadRule.PinnedImages,
                    EnforcementMode.Warn,
                    "Charts choose the images. The versions of the charts are pinned, and with them the images."
                ),
                new(
                    WorkloadRule.AllowedRegistries,
                    EnforcementMode.Warn,
                    "Charts choose the images. A registry that a chart begins to use must not stop an upgrade."
                ),
                new(
                    WorkloadRule.BoundedContainers,
                    EnforcementMode.Warn,
                    "The values set every request and limit that the charts support. "
                        + "A hook without them must not stop an upgrade."
                ),
                new(
                    WorkloadRule.OwnedWorkloads,
                    EnforcementMode.Off,
                    "Charts set the labels of their workloads; the namespace has the labels owner and environment."
                ),
                new(
                    WorkloadRule.CommonPriority,
                    EnforcementMode.Off,
                    "The shared services have a higher priority than the workloads of every environment."
                ),
                new(WorkloadRule.NoMountedTokens, EnforcementMode.Off, "Controllers need the Kubernetes API."),
                new(WorkloadRule.OwnPool, EnforcementMode.Off, "Agents run on the nodes of every pool."),
            ],
            Buckets = [new("backups"), new("logs")],
            Secrets = [new("alert-routes", ["slack-webhook-url"]), new("grafana-admin", ["admin-user", "admin-password"])],
            AlertRoutes = [new("#platform-oncall", [Severity.Critical]), new("#platform", [Severity.Warning])],
            MetricsDays = 30,
        };
}
