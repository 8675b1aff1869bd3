using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using static System.FormattableString;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>
/// Capacity for the shared services: their pods fit the quotas of the system environment's two namespaces, and their pool at its
/// smallest size.
/// </summary>
internal static class SharedServicesCheck
{
    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory, IReadOnlyList<Workload> workloads)
    {
        var system = inventory.Of(platform => platform.System);
        if (!QuantityCheck.AreValid(system.As<EnvironmentSpec>()))
            return [];
        return
        [
            // The namespace of the agents has the same quota as the first namespace.
            .. workloads
                .GroupBy(workload => workload.NamespaceIn(inventory.Value))
                .SelectMany(group => Quota(system.Of(spec => spec.Quota), inventory.Value, group)),
            .. workloads
                .Where(workload => workload.Kind != WorkloadKind.DaemonSet)
                .GroupBy(workload => workload.Pool ?? system.Value.Pool)
                .SelectMany(group =>
                    inventory
                        .Pools()
                        .Where(pool => pool.Value.Name == group.Key)
                        .Take(1)
                        .SelectMany(pool => Pool(pool, inventory.Value, group))
                ),
        ];
    }

    private static IEnumerable<Problem> Quota(
        InventoryValue<Quota> quota,
        PlatformSpec platform,
        IGrouping<string, Workload> workloads
    ) =>
        QuotaFit.Problems(
            quota,
            Sum(workloads.Select(workload => workload.UpdatingIn(platform))),
            ProblemCatalog.SharedServicesExceedQuota,
            Invariant($"{workloads.Count()} workload(s) of shared services in namespace {workloads.Key} during an update")
        );

    // DaemonSets are part of NodeCapacity. An additional pod of an update may wait for a node of the autoscaler.
    private static IEnumerable<Problem> Pool(
        InventoryValue<NodePool> pool,
        PlatformSpec platform,
        IEnumerable<Workload> workloads
    )
    {
        if (!LinodeFacts.NodePlans.TryGetValue(pool.Value.Type, out var plan))
            return [];
        var node = NodeCapacity.Of(plan);
        var smallest = node.Times(Math.Max(0, pool.Value.MinNodes));
        var needed = Sum(workloads.Select(workload => workload.RunningIn(platform)));
        return
        [
            .. Exceeds(Amount.Count(needed.Pods, "pods"), Amount.Count(smallest.Pods, "pods")),
            .. Exceeds(Amount.Count(needed.RequestsCpu, "CPUs"), Amount.Count(smallest.Cpu, "CPUs")),
            .. Exceeds(Amount.Memory(needed.RequestsMemory, "of memory"), Amount.Memory(smallest.Memory, "of memory")),
            .. workloads
                .Where(workload => workload.Requests.Cpu.Value > node.Cpu || workload.Requests.Memory.Value > node.Memory)
                .Select(workload =>
                    ProblemCatalog.SharedServicesExceedPool.At(
                        pool.Of(one => one.Type).Path,
                        $"a pod of {workload.Service}/{workload.Name}: {workload.Requests.Cpu} CPUs, {workload.Requests.Memory}",
                        Invariant(
                            $"at most {Amount.Count(node.Cpu, "CPUs")} and {Amount.Memory(node.Memory, "of memory")} on one node"
                        )
                    )
                ),
        ];

        IEnumerable<Problem> Exceeds(Amount requested, Amount available)
        {
            if (requested.Value > available.Value)
                yield return ProblemCatalog.SharedServicesExceedPool.At(
                    pool.Of(one => one.MinNodes).Path,
                    $"{requested} requested by the shared services",
                    Invariant($"at most {available}, from {pool.Value.MinNodes} nodes of {pool.Value.Type}")
                );
        }
    }

    private static ResourceTotals Sum(IEnumerable<ResourceTotals> totals) => totals.Aggregate((sum, one) => sum + one);
}
