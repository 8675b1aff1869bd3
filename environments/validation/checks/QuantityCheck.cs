using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>
/// The amounts of each environment on their own: their notation, that they are above zero, and the order of requests, limits and
/// maximums.
/// </summary>
internal static class QuantityCheck
{
    /// <summary>
    /// A CPU limit is a time in each period of 100 ms (Kubernetes, --cpu-cfs-quota-period), and the kernel takes no time below
    /// 1 ms (kernel.org, CFS Bandwidth Control).
    /// </summary>
    private const decimal LeastCpu = 0.01m;

    /// <summary>A smaller amount has lost its unit: the kernel ends each program in 128 bytes, and no volume has 400.</summary>
    private const decimal LeastBytes = 1_000_000m;

    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory) =>
        [
            .. inventory.Environments().SelectMany(environment => Amounts(environment).Concat(Order(environment))),
            .. Positive(inventory.Of(platform => platform.System.LoadBalancers)),
        ];

    /// <summary>True if every quantity is valid. The other checks skip an environment with an invalid quantity.</summary>
    public static bool AreValid(InventoryValue<EnvironmentSpec> environment) =>
        Quantities(environment).All(amount => amount.Value.IsValid);

    private static IEnumerable<InventoryValue<Quantity>> Quantities(InventoryValue<EnvironmentSpec> environment)
    {
        var (quota, containers) = (environment.Of(spec => spec.Quota), environment.Of(spec => spec.Containers));
        return
        [
            quota.Of(one => one.RequestsCpu),
            quota.Of(one => one.RequestsMemory),
            quota.Of(one => one.LimitsCpu),
            quota.Of(one => one.LimitsMemory),
            quota.Of(one => one.Storage),
            containers.Of(one => one.RequestCpu),
            containers.Of(one => one.RequestMemory),
            containers.Of(one => one.LimitCpu),
            containers.Of(one => one.LimitMemory),
            containers.Of(one => one.MaxCpu),
            containers.Of(one => one.MaxMemory),
            containers.Of(one => one.RequestDisk),
            containers.Of(one => one.LimitDisk),
            containers.Of(one => one.MaxDisk),
        ];
    }

    private static InventoryValue<Quantity>[] Memory(InventoryValue<EnvironmentSpec> environment) =>
        [
            environment.Of(spec => spec.Quota.RequestsMemory),
            environment.Of(spec => spec.Quota.LimitsMemory),
            environment.Of(spec => spec.Quota.Storage),
            environment.Of(spec => spec.Containers.RequestMemory),
            environment.Of(spec => spec.Containers.LimitMemory),
            environment.Of(spec => spec.Containers.MaxMemory),
            environment.Of(spec => spec.Containers.RequestDisk),
            environment.Of(spec => spec.Containers.LimitDisk),
            environment.Of(spec => spec.Containers.MaxDisk),
        ];

    private static InventoryValue<Quantity>[] CpuLimits(InventoryValue<EnvironmentSpec> environment) =>
        [environment.Of(spec => spec.Containers.LimitCpu), environment.Of(spec => spec.Containers.MaxCpu)];

    private static IEnumerable<Problem> Amounts(InventoryValue<EnvironmentSpec> environment) =>
        [
            .. Quantities(environment).SelectMany(Amount),
            .. Memory(environment)
                .Where(amount =>
                    amount.Value.IsValid && (!amount.Value.IsBytes || amount.Value is { Value: > 0 and < LeastBytes })
                )
                .Select(amount => ProblemCatalog.MemoryUnit.At(amount.Path, Quote(amount.Value.Text))),
            .. CpuLimits(environment)
                .Where(amount => amount.Value is { IsValid: true, Value: > 0 and < LeastCpu })
                .Select(amount => ProblemCatalog.CpuTooSmall.At(amount.Path, Quote(amount.Value.Text))),
            .. Positive(environment.Of(spec => spec.Quota.Pods)),
            .. Positive(environment.Of(spec => spec.Quota.Secrets)),
            .. Positive(environment.Of(spec => spec.Quota.ConfigMaps)),
            .. Positive(environment.Of(spec => spec.Quota.Claims)),
            .. Positive(environment.Of(spec => spec.Services.Count)),
            .. Positive(environment.Of(spec => spec.Services.Replicas)),
        ];

    private static IEnumerable<Problem> Amount(InventoryValue<Quantity> amount)
    {
        if (!amount.Value.IsValid)
            yield return ProblemCatalog.InvalidQuantity.At(amount.Path, Quote(amount.Value.Text));
        else if (amount.Value.Value == 0)
            yield return ProblemCatalog.NotPositive.At(amount.Path, Quote(amount.Value.Text));
    }

    private static IEnumerable<Problem> Positive(InventoryValue<int> count)
    {
        if (count.Value <= 0)
            yield return ProblemCatalog.NotPositive.At(count.Path, Invariant($"{count.Value}"));
    }

    private static IEnumerable<Problem> Order(InventoryValue<EnvironmentSpec> environment)
    {
        if (!AreValid(environment))
            return [];
        var (quota, containers) = (environment.Of(spec => spec.Quota), environment.Of(spec => spec.Containers));
        var (limits, container) = (quota.Value, containers.Value);
        return
        [
            .. Ascending(containers.Of(one => one.RequestCpu), container.LimitCpu, container.MaxCpu, limits.LimitsCpu),
            .. Ascending(
                containers.Of(one => one.RequestMemory),
                container.LimitMemory,
                container.MaxMemory,
                limits.LimitsMemory
            ),
            // No quota limits the sum of local disk.
            .. Ascending(containers.Of(one => one.RequestDisk), container.LimitDisk, container.MaxDisk, container.MaxDisk),
            .. AtMost(quota.Of(one => one.RequestsCpu), limits.LimitsCpu),
            .. AtMost(quota.Of(one => one.RequestsMemory), limits.LimitsMemory),
        ];
    }

    private static IEnumerable<Problem> Ascending(
        InventoryValue<Quantity> request,
        Quantity limit,
        Quantity maximum,
        Quantity quota
    )
    {
        if (!(request.Value.Value <= limit.Value && limit.Value <= maximum.Value && maximum.Value <= quota.Value))
            yield return ProblemCatalog.DefaultsOutOfOrder.At(
                request.Path,
                $"request {request.Value}, limit {limit}, maximum {maximum}, quota {quota}"
            );
    }

    private static IEnumerable<Problem> AtMost(InventoryValue<Quantity> requests, Quantity limits)
    {
        if (requests.Value.Value > limits.Value)
            yield return ProblemCatalog.RequestsAboveLimits.At(requests.Path, $"requests {requests.Value}, limits {limits}");
    }
}
