namespace InfraCdktf.Environments.Model;

/// <summary>Limits of the overview alerts.</summary>
public sealed record AlertThresholds
{
    /// <summary>Share of the namespace's CPU quota in use, 0-1.</summary>
    public decimal CpuShare { get; init; } = 0.85m;

    /// <summary>Share of the namespace's memory quota in use, 0-1.</summary>
    public decimal MemoryShare { get; init; } = 0.85m;

    /// <summary>99th percentile of the gateway's response time, in milliseconds.</summary>
    public int IngressLatencyMilliseconds { get; init; } = 500;

    /// <summary>Lowest share of requests without a server error, 0-1.</summary>
    public decimal RequestSuccess { get; init; } = 0.995m;
}
