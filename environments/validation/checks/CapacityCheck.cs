using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>Capacity: the services fit the quota, the quotas fit the pool, and the largest container fits a node.</summary>
internal static class CapacityCheck
{
    private const int FewestServices = 30;

    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory) =>
        [
            .. inventory.Applications().SelectMany(FewServices),
            .. Calculable(inventory).SelectMany(Services),
            .. inventory.Pools().DistinctBy(pool => pool.Value.Name).SelectMany(pool => Pool(pool, inventory)),
        ];

    private static IEnumerable<InventoryValue<EnvironmentSpec>> Calculable(InventoryValue<PlatformSpec> inventory) =>
        inventory.Environments().Where(QuantityCheck.AreValid);

    private static IEnumerable<Problem> FewServices(InventoryValue<ApplicationEnvironmentSpec> environment)
    {
        var count = environment.Of(spec => spec.Services.Count);
        if (count.Value is > 0 and < FewestServices)
            yield return ProblemCatalog.TooFewServices.At(count.Path, Invariant($"{count.Value}"));
    }

    private static IEnumerable<Problem> Services(InventoryValue<EnvironmentSpec> environment)
    {
        var services = environment.Value.Services;
        return QuotaFit.Problems(
            environment.Of(spec => spec.Quota),
            ResourceTotals.OfServices(environment.Value),
            ProblemCatalog.ServicesDoNotFit,
            Invariant($"{services.Count} services of {services.Replicas} replicas and one more")
        );
    }

    private static IEnumerable<Problem> Pool(InventoryValue<NodePool> pool, InventoryValue<PlatformSpec> inventory)
    {
        var users = Calculable(inventory).Where(environment => environment.Value.Pool == pool.Value.Name).ToList();
        if (!LinodeFacts.NodePlans.TryGetValue(pool.Value.Type, out var plan) || users.Count == 0)
            return [];
        var node = NodeCapacity.Of(plan);
        var all = node.Times(Math.Max(0, pool.Value.MaxNodes));
        // Every namespace of an environment has the whole quota.
        var promised = users
            .Select(environment => ResourceTotals.Of(environment.Value.Quota).Times(environment.Value.Namespaces.Count()))
            .Aggregate((sum, quota) => sum + quota);
        return
        [
            .. users.SelectMany(environment => LargestContainer(environment.Of(spec => spec.Containers), node)),
            .. Exceeds(Amount.Count(promised.RequestsCpu, "CPUs"), Amount.Count(all.Cpu, "CPUs")),
            .. Exceeds(Amount.Memory(promised.RequestsMemory, "of memory"), Amount.Memory(all.Memory, "of memory")),
            .. Exceeds(Amount.Count(promised.Pods, "pods"), Amount.Count(all.Pods, "pods")),
        ];

        IEnumerable<Problem> Exceeds(Amount quotas, Amount available)
        {
            if (quotas.Value > available.Value)
                yield return ProblemCatalog.QuotasExceedPool.At(
                    pool.Of(one => one.MaxNodes).Path,
                    $"{quotas} promised by {string.Join(", ", users.Select(one => $"{one.Value.Name}.quota"))}",
                    Invariant($"at most {available}, from {pool.Value.MaxNodes} nodes of {pool.Value.Type}")
                );
        }
    }

    private static IEnumerable<Problem> LargestContainer(InventoryValue<ContainerDefaults> containers, NodeCapacity node)
    {
        var (cpu, memory) = (containers.Of(one => one.MaxCpu), containers.Of(one => one.MaxMemory));
        if (cpu.Value.Value > node.Cpu)
            yield return ProblemCatalog.LargerThanNode.At(
                cpu.Path,
                Quote(cpu.Value.Text),
                $"at most {Amount.Count(node.Cpu, "")}"
            );
        if (memory.Value.Value > node.Memory)
            yield return ProblemCatalog.LargerThanNode.At(
                memory.Path,
                Quote(memory.Value.Text),
                $"at most {Amount.Memory(node.Memory, "")}"
            );
    }
}
