using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>CPU and memory of one pod: the sums of its containers.</summary>
/// <param name="Cpu">CPUs.</param>
/// <param name="Memory">Bytes.</param>
public sealed record PodResources(Quantity Cpu, Quantity Memory);
