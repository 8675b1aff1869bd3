using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>Quotas and container defaults, each by itself: that every amount is one, and that they stand in the right order.</summary>
internal static class QuantityCheck
{
    public static IEnumerable<Problem> Problems(PlatformSpec platform) =>
        [
            .. InventoryPath
                .Environments(platform)
                .SelectMany(part => Amounts(part.Environment, part.Place).Concat(Order(part.Environment, part.Place))),
            .. platform.System.LoadBalancers > 0
                ? Array.Empty<Problem>()
                : [ProblemCatalog.NotPositive.At("system.loadBalancers", Invariant($"{platform.System.LoadBalancers}"))],
        ];

    /// <summary>True when every quantity can be calculated with; the other checks leave an environment alone where it is not.</summary>
    public static bool AreValid(EnvironmentSpec environment) => Quantities(environment, "").All(amount => amount.Amount.IsValid);

    private static IEnumerable<(Quantity Amount, string Place)> Quantities(EnvironmentSpec environment, string place)
    {
        var (quota, containers) = (environment.Quota, environment.Containers);
        return
        [
            (quota.RequestsCpu, $"{place}.quota.requestsCpu"),
            (quota.RequestsMemory, $"{place}.quota.requestsMemory"),
            (quota.LimitsCpu, $"{place}.quota.limitsCpu"),
            (quota.LimitsMemory, $"{place}.quota.limitsMemory"),
            (quota.Storage, $"{place}.quota.storage"),
            (containers.RequestCpu, $"{place}.containers.requestCpu"),
            (containers.RequestMemory, $"{place}.containers.requestMemory"),
            (containers.LimitCpu, $"{place}.containers.limitCpu"),
            (containers.LimitMemory, $"{place}.containers.limitMemory"),
            (containers.MaxCpu, $"{place}.containers.maxCpu"),
            (containers.MaxMemory, $"{place}.containers.maxMemory"),
        ];
    }

    private static IEnumerable<Problem> Amounts(EnvironmentSpec environment, string place)
    {
        foreach (var (amount, where) in Quantities(environment, place))
            if (!amount.IsValid)
                yield return ProblemCatalog.InvalidQuantity.At(where, Quote(amount.Text));
            else if (amount.Value == 0)
                yield return ProblemCatalog.NotPositive.At(where, Quote(amount.Text));
        if (environment.Quota.Pods <= 0)
            yield return ProblemCatalog.NotPositive.At($"{place}.quota.pods", Invariant($"{environment.Quota.Pods}"));
        if (environment.Services.Count <= 0)
            yield return ProblemCatalog.NotPositive.At($"{place}.services.count", Invariant($"{environment.Services.Count}"));
        if (environment.Services.Replicas <= 0)
            yield return ProblemCatalog.NotPositive.At($"{place}.services.replicas", Invariant($"{environment.Services.Replicas}"));
    }

    private static IEnumerable<Problem> Order(EnvironmentSpec environment, string place)
    {
        if (!AreValid(environment))
            return [];
        var (quota, containers) = (environment.Quota, environment.Containers);
        return
        [
            .. Ascending(
                $"{place}.containers.requestCpu",
                containers.RequestCpu,
                containers.LimitCpu,
                containers.MaxCpu,
                quota.LimitsCpu
            ),
            .. Ascending(
                $"{place}.containers.requestMemory",
                containers.RequestMemory,
                containers.LimitMemory,
                containers.MaxMemory,
                quota.LimitsMemory
            ),
            .. AtMost($"{place}.quota.requestsCpu", quota.RequestsCpu, quota.LimitsCpu),
            .. AtMost($"{place}.quota.requestsMemory", quota.RequestsMemory, quota.LimitsMemory),
        ];
    }

    private static IEnumerable<Problem> Ascending(string place, Quantity request, Quantity limit, Quantity max, Quantity quota)
    {
        if (!(request.Value <= limit.Value && limit.Value <= max.Value && max.Value <= quota.Value))
            yield return ProblemCatalog.DefaultsOutOfOrder.At(
                place,
                $"request {request}, limit {limit}, maximum {max}, quota {quota}"
            );
    }

    private static IEnumerable<Problem> AtMost(string place, Quantity requests, Quantity limits)
    {
        if (requests.Value > limits.Value)
            yield return ProblemCatalog.RequestsAboveLimits.At(place, $"requests {requests}, limits {limits}");
    }
}
