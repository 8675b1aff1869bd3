using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>A ResourceQuota's numbers, for each namespace of the environment.</summary>
public sealed record Quota
{
    /// <summary>Sum of CPU requests.</summary>
    public required Quantity RequestsCpu { get; init; }

    /// <summary>Sum of memory requests.</summary>
    public required Quantity RequestsMemory { get; init; }

    /// <summary>Sum of CPU limits.</summary>
    public required Quantity LimitsCpu { get; init; }

    /// <summary>Sum of memory limits.</summary>
    public required Quantity LimitsMemory { get; init; }

    /// <summary>Sum of storage that claims ask for.</summary>
    public required Quantity Storage { get; init; }

    /// <summary>Number of pods.</summary>
    public required int Pods { get; init; }

    /// <summary>Number of services of type LoadBalancer: each is a billed NodeBalancer, so none outside system.</summary>
    public int LoadBalancers { get; init; }
}
