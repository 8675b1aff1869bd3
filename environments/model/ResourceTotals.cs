namespace InfraCdktf.Environments.Model;

/// <summary>Sums of pods, CPUs and memory: the resources that a set of pods needs, or that a quota allows.</summary>
/// <param name="Pods">Pods.</param>
/// <param name="RequestsCpu">CPU requests, in CPUs.</param>
/// <param name="RequestsMemory">Memory requests, in bytes.</param>
/// <param name="LimitsCpu">CPU limits, in CPUs.</param>
/// <param name="LimitsMemory">Memory limits, in bytes.</param>
public sealed record ResourceTotals(
    decimal Pods,
    decimal RequestsCpu,
    decimal RequestsMemory,
    decimal LimitsCpu,
    decimal LimitsMemory
)
{
    /// <summary>
    /// The resources that a quota allows. Throws <see cref="InvalidOperationException"/> if one of its quantities is invalid.
    /// </summary>
    public static ResourceTotals Of(Quota quota) =>
        new(quota.Pods, quota.RequestsCpu.Value, quota.RequestsMemory.Value, quota.LimitsCpu.Value, quota.LimitsMemory.Value);

    /// <summary>
    /// The resources that the services of an environment need (<see cref="EnvironmentSpec.Services"/>): each service has its
    /// replicas and one more pod during a rolling update, and each pod has the container defaults. Throws
    /// <see cref="InvalidOperationException"/> if a quantity is invalid.
    /// </summary>
    public static ResourceTotals OfServices(EnvironmentSpec environment)
    {
        var containers = environment.Containers;
        return new ResourceTotals(
            1,
            containers.RequestCpu.Value,
            containers.RequestMemory.Value,
            containers.LimitCpu.Value,
            containers.LimitMemory.Value
        ).Times((decimal)environment.Services.Count * (environment.Services.Replicas + 1m));
    }

    /// <summary>The sum of two totals.</summary>
    public static ResourceTotals operator +(ResourceTotals one, ResourceTotals other) =>
        new(
            one.Pods + other.Pods,
            one.RequestsCpu + other.RequestsCpu,
            one.RequestsMemory + other.RequestsMemory,
            one.LimitsCpu + other.LimitsCpu,
            one.LimitsMemory + other.LimitsMemory
        );

    /// <summary>The same resources a number of times.</summary>
    public ResourceTotals Times(decimal number) =>
        new(Pods * number, RequestsCpu * number, RequestsMemory * number, LimitsCpu * number, LimitsMemory * number);
}
