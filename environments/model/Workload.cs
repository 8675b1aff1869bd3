namespace InfraCdktf.Environments.Model;

/// <summary>
/// The pods of a shared service, as plain data. The program collects them from its services: the capacity check and
/// <c>validate</c> need their sums, and use no construct.
/// </summary>
public sealed record Workload
{
    /// <summary>The shared service ("kube-prometheus-stack").</summary>
    public required string Service { get; init; }

    /// <summary>The workload ("prometheus").</summary>
    public required string Name { get; init; }

    /// <summary>The object that creates its pods.</summary>
    public required WorkloadKind Kind { get; init; }

    /// <summary>The number of pods. A DaemonSet has one pod on each node instead.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The requests of one pod.</summary>
    public required PodResources Requests { get; init; }

    /// <summary>The limits of one pod.</summary>
    public required PodResources Limits { get; init; }

    /// <summary>The node pool of its pods. Null: the pool of the system environment, or every pool for a DaemonSet.</summary>
    public string? Pool { get; init; }

    /// <summary>The namespace of its pods.</summary>
    public string NamespaceIn(PlatformSpec platform) =>
        Kind == WorkloadKind.DaemonSet ? platform.System.AgentsNamespace : platform.System.Name.Text;

    /// <summary>
    /// The highest number of its pods outside of an update. A DaemonSet counts every node of its pools at their largest size.
    /// </summary>
    public int PodsIn(PlatformSpec platform) =>
        Kind == WorkloadKind.DaemonSet
            ? platform.Pools.Where(pool => Pool is null || pool.Name == Pool).Sum(pool => Math.Max(0, pool.MaxNodes))
            : Replicas;

    /// <summary>The resources of these pods.</summary>
    public ResourceTotals RunningIn(PlatformSpec platform) => OnePod.Times(PodsIn(platform));

    /// <summary>The resources of these pods during an update: a Deployment has one pod more.</summary>
    public ResourceTotals UpdatingIn(PlatformSpec platform) =>
        OnePod.Times(PodsIn(platform) + (Kind == WorkloadKind.Deployment ? 1 : 0));

    private ResourceTotals OnePod => new(1, Requests.Cpu.Value, Requests.Memory.Value, Limits.Cpu.Value, Limits.Memory.Value);
}
