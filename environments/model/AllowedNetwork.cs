using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>A network outside the cluster that may reach the API server.</summary>
/// <param name="Name">A DNS-1123 label.</param>
/// <param name="Range">The range.</param>
/// <param name="Reason">The users of the network, and why they need the API server; <c>validate</c> prints it.</param>
public sealed record AllowedNetwork(string Name, Cidr Range, string Reason);
