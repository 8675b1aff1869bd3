using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>
/// A destination outside the cluster. Pods with the label <c>network.platform/to-{Name}: "true"</c> may reach it.
/// </summary>
/// <param name="Name">A DNS-1123 label.</param>
/// <param name="Reason">What it is, and why pods need it.</param>
/// <param name="Ranges">
/// Its public addresses. Host names are not possible: neither Calico's nor Kubernetes' policies support them.
/// </param>
/// <param name="Ports">Its TCP ports.</param>
public sealed record OutsideDestination(string Name, string Reason, IReadOnlyList<Cidr> Ranges, IReadOnlyList<int> Ports);
