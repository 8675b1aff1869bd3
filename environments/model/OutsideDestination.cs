using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>Something outside of the cluster that pods labelled <c>network.platform/to-{Name}: "true"</c> may reach.</summary>
/// <param name="Name">A DNS-1123 label.</param>
/// <param name="Reason">What it is, and why it must be reached.</param>
/// <param name="Ranges">Its public addresses: neither Calico nor Kubernetes' own policies know names.</param>
/// <param name="Ports">Its TCP ports.</param>
public sealed record OutsideDestination(string Name, string Reason, IReadOnlyList<Cidr> Ranges, IReadOnlyList<int> Ports);
