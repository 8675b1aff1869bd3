using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>The values of a ResourceQuota. Each namespace of the environment has the whole quota.</summary>
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

    /// <summary>Sum of the storage requests of claims.</summary>
    public required Quantity Storage { get; init; }

    /// <summary>Number of pods.</summary>
    public required int Pods { get; init; }

    /// <summary>Number of Secrets.</summary>
    public int Secrets { get; init; } = 100;

    /// <summary>Number of ConfigMaps. Helm keeps the record of each release in one.</summary>
    public int ConfigMaps { get; init; } = 200;

    /// <summary>Number of PersistentVolumeClaims. Each one is a billed volume.</summary>
    public int Claims { get; init; } = 50;
}
