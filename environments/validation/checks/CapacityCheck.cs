using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>Capacity: that the services fit the quota, the quotas fit the pool, and the largest container fits a node.</summary>
internal static class CapacityCheck
{
    /// <summary>NFR-008.</summary>
    private const int FewestServices = 30;

    public static IEnumerable<Problem> Problems(PlatformSpec platform) =>
        [
            .. InventoryPath
                .Applications(platform)
                .Where(part => part.Environment.Services.Count is > 0 and < FewestServices)
                .Select(part =>
                    ProblemCatalog.TooFewServices.At($"{part.Place}.services.count", Invariant($"{part.Environment.Services.Count}"))
                ),
            .. Calculable(platform).SelectMany(part => Services(part.Environment, part.Place)),
            .. platform.Pools.DistinctBy(pool => pool.Name).SelectMany(pool => Pool(platform, pool)),
        ];

    private static IEnumerable<(EnvironmentSpec Environment, string Place)> Calculable(PlatformSpec platform) =>
        InventoryPath.Environments(platform).Where(part => QuantityCheck.AreValid(part.Environment));

    private static IEnumerable<Problem> Services(EnvironmentSpec environment, string place)
    {
        var (quota, containers) = (environment.Quota, environment.Containers);
        var pods = (decimal)environment.Services.Count * (environment.Services.Replicas + 1m);
        return
        [
            .. Fits($"{place}.quota.pods", "pods", pods, quota.Pods, ""),
            .. Fits(
                $"{place}.quota.requestsCpu",
                "CPUs requested",
                pods * containers.RequestCpu.Value,
                quota.RequestsCpu.Value,
                ""
            ),
            .. Fits(
                $"{place}.quota.requestsMemory",
                "of memory requested",
                InGi(pods * containers.RequestMemory.Value),
                InGi(quota.RequestsMemory.Value),
                "Gi"
            ),
            .. Fits($"{place}.quota.limitsCpu", "CPUs as limits", pods * containers.LimitCpu.Value, quota.LimitsCpu.Value, ""),
            .. Fits(
                $"{place}.quota.limitsMemory",
                "of memory as limits",
                InGi(pods * containers.LimitMemory.Value),
                InGi(quota.LimitsMemory.Value),
                "Gi"
            ),
        ];

        IEnumerable<Problem> Fits(string where, string what, decimal needed, decimal available, string unit)
        {
            if (needed > available)
                yield return ProblemCatalog.ServicesDoNotFit.At(
                    where,
                    Invariant($"{available:0.######}{unit}"),
                    Invariant(
                        $"at least {needed:0.######}{unit} {what}: {environment.Services.Count} services of {environment.Services.Replicas} replicas and one more"
                    )
                );
        }
    }

    private static IEnumerable<Problem> Pool(PlatformSpec platform, NodePool pool)
    {
        var users = Calculable(platform).Where(part => part.Environment.Pool == pool.Name).ToList();
        if (!LinodeFacts.NodePlans.TryGetValue(pool.Type, out var plan) || users.Count == 0)
            return [];
        var node = NodeCapacity.Of(plan);
        var all = node.Times(Math.Max(0, pool.MaxNodes));
        return
        [
            .. users.SelectMany(part => LargestContainer(part.Environment.Containers, part.Place, node)),
            .. Exceeds("CPUs", users.Sum(part => Sum(part.Environment, part.Environment.Quota.RequestsCpu.Value)), all.Cpu, ""),
            .. Exceeds(
                "of memory",
                InGi(users.Sum(part => Sum(part.Environment, part.Environment.Quota.RequestsMemory.Value))),
                InGi(all.Memory),
                "Gi"
            ),
            .. Exceeds("pods", users.Sum(part => Sum(part.Environment, part.Environment.Quota.Pods)), all.Pods, ""),
        ];

        IEnumerable<Problem> Exceeds(string what, decimal promised, decimal available, string unit)
        {
            if (promised > available)
                yield return ProblemCatalog.QuotasExceedPool.At(
                    $"pools[{pool.Name}].maxNodes",
                    Invariant(
                        $"{promised:0.######}{unit} {what} promised by {string.Join(", ", users.Select(part => $"{part.Environment.Name}.quota"))}"
                    ),
                    Invariant($"at most {available:0.######}{unit} {what}, from {pool.MaxNodes} nodes of {pool.Type}")
                );
        }
    }

    private static IEnumerable<Problem> LargestContainer(ContainerDefaults containers, string place, NodeCapacity node)
    {
        if (containers.MaxCpu.Value > node.Cpu)
            yield return ProblemCatalog.LargerThanNode.At(
                $"{place}.containers.maxCpu",
                Quote(containers.MaxCpu.Text),
                Invariant($"at most {node.Cpu:0.######}")
            );
        if (containers.MaxMemory.Value > node.Memory)
            yield return ProblemCatalog.LargerThanNode.At(
                $"{place}.containers.maxMemory",
                Quote(containers.MaxMemory.Text),
                Invariant($"at most {InGi(node.Memory):0.######}Gi")
            );
    }

    /// <summary>Each namespace of the environment has the whole quota.</summary>
    private static decimal Sum(EnvironmentSpec environment, decimal quota) => quota * environment.Namespaces.Count();

    private static decimal InGi(decimal bytes) => bytes / (1024m * 1024m * 1024m);
}
