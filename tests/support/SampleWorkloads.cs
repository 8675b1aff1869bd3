using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Support;

/// <summary>Workloads of made-up shared services, one of each kind.</summary>
public static class SampleWorkloads
{
    /// <summary>A Deployment with two pods.</summary>
    public static Workload Gateway { get; } =
        new()
        {
            Service = "envoy-gateway",
            Name = "proxies",
            Kind = WorkloadKind.Deployment,
            Replicas = 2,
            Requests = new("200m", "512Mi"),
            Limits = new("2", "1Gi"),
        };

    /// <summary>A StatefulSet with two pods.</summary>
    public static Workload Prometheus { get; } =
        new()
        {
            Service = "kube-prometheus-stack",
            Name = "prometheus",
            Kind = WorkloadKind.StatefulSet,
            Replicas = 2,
            Requests = new("500m", "2Gi"),
            Limits = new("2", "4Gi"),
        };

    /// <summary>A DaemonSet on every node.</summary>
    public static Workload Agent { get; } =
        new()
        {
            Service = "kube-prometheus-stack",
            Name = "node-exporter",
            Kind = WorkloadKind.DaemonSet,
            Requests = new("50m", "32Mi"),
            Limits = new("250m", "128Mi"),
        };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Workload> All { get; } = [Gateway, Prometheus, Agent];
}
