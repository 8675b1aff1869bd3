namespace InfraCdktf.Environments.Model;

/// <summary>The services an environment is sized for: <paramref name="Count"/> services of <paramref name="Replicas"/> pods, each
/// pod with the container defaults.</summary>
/// <param name="Count">Services; at least 30 in an environment for application teams.</param>
/// <param name="Replicas">Pods of each service, with room for a rolling update on top.</param>
public sealed record ServiceCapacity(int Count, int Replicas);
