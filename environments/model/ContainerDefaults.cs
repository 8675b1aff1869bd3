using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>The values of a LimitRange for one container.</summary>
public sealed record ContainerDefaults
{
    /// <summary>CPU request of a container that sets none.</summary>
    public required Quantity RequestCpu { get; init; }

    /// <summary>Memory request of a container that sets none.</summary>
    public required Quantity RequestMemory { get; init; }

    /// <summary>CPU limit of a container that sets none.</summary>
    public required Quantity LimitCpu { get; init; }

    /// <summary>Memory limit of a container that sets none.</summary>
    public required Quantity LimitMemory { get; init; }

    /// <summary>The highest CPU limit that a container may set.</summary>
    public required Quantity MaxCpu { get; init; }

    /// <summary>The highest memory limit that a container may set.</summary>
    public required Quantity MaxMemory { get; init; }

    /// <summary>
    /// Local disk that a container requests if it sets none: its logs, its writable layer and its emptyDir volumes.
    /// </summary>
    public Quantity RequestDisk { get; init; } = "64Mi";

    /// <summary>Local disk of a container that sets no limit. The kubelet evicts a pod that uses more.</summary>
    public Quantity LimitDisk { get; init; } = "2Gi";

    /// <summary>The highest limit of local disk that a container may set.</summary>
    public Quantity MaxDisk { get; init; } = "10Gi";
}
