namespace InfraCdktf.Environments.Linode;

/// <summary>
/// The capacity of one node for the platform's pods. Linode publishes no figure for it, so this is a cautious assumption. Compare
/// it with <c>kubectl describe node</c> when a cluster runs:
/// <list type="bullet">
/// <item>
/// The kubelet and the system reserve as much as GKE publishes for its nodes
/// (cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes): 25 % of the first 4 GiB of memory, 20 % of the next 4,
/// 10 % of the next 8, 6 % of the next 112, 2 % above, and 100 MiB for eviction; 6 % of the first CPU, 1 % of the second,
/// 0.5 % of the next two, 0.25 % above.
/// </item>
/// <item>
/// The agents on each node (CNI, CSI driver, node-exporter, log shipper) request 300m CPU and 512 MiB in at most 10 pods.
/// </item>
/// <item>A kubelet runs at most 110 pods (its default).</item>
/// </list>
/// </summary>
/// <param name="Cpu">CPUs.</param>
/// <param name="Memory">Bytes.</param>
/// <param name="Pods">Pods.</param>
public sealed record NodeCapacity(decimal Cpu, decimal Memory, int Pods)
{
    private const decimal Mi = 1024 * 1024;
    private const decimal Gi = 1024 * Mi;
    private const decimal EvictionMemory = 100 * Mi;
    private const decimal AgentsCpu = 0.3m;
    private const decimal AgentsMemory = 512 * Mi;
    private const int AgentsPods = 10;
    private const int MaxPods = 110;

    /// <summary>The capacity of a node of a plan; zero if the plan is smaller than the reserved part.</summary>
    public static NodeCapacity Of(Plan plan) =>
        new(
            Math.Max(0, plan.Vcpus - ReservedCpu(plan.Vcpus) - AgentsCpu),
            Math.Max(0, (plan.MemoryMb * Mi) - ReservedMemory(plan.MemoryMb * Mi) - EvictionMemory - AgentsMemory),
            MaxPods - AgentsPods
        );

    /// <summary>The capacity of a number of such nodes.</summary>
    public NodeCapacity Times(int nodes) => new(Cpu * nodes, Memory * nodes, Pods * nodes);

    private static decimal ReservedCpu(decimal cpus) =>
        (Slice(cpus, 0, 1) * 0.06m)
        + (Slice(cpus, 1, 2) * 0.01m)
        + (Slice(cpus, 2, 4) * 0.005m)
        + (Slice(cpus, 4, decimal.MaxValue) * 0.0025m);

    private static decimal ReservedMemory(decimal bytes) =>
        (Slice(bytes, 0, 4 * Gi) * 0.25m)
        + (Slice(bytes, 4 * Gi, 8 * Gi) * 0.20m)
        + (Slice(bytes, 8 * Gi, 16 * Gi) * 0.10m)
        + (Slice(bytes, 16 * Gi, 128 * Gi) * 0.06m)
        + (Slice(bytes, 128 * Gi, decimal.MaxValue) * 0.02m);

    private static decimal Slice(decimal amount, decimal from, decimal to) => Math.Max(0, Math.Min(amount, to) - from);
}
