namespace InfraCdktf.Environments.Model;

/// <summary>
/// The services that the quota of an environment must hold: <paramref name="Count"/> services of <paramref name="Replicas"/>
/// pods, each pod with the container defaults.
/// </summary>
/// <param name="Count">Services; at least 30 in an environment for application teams.</param>
/// <param name="Replicas">Pods of each service. The quota holds one more pod of each during a rolling update.</param>
public sealed record ServiceCapacity(int Count, int Replicas);
