using InfraCdktf.Environments.Values;

namespace InfraCdktf.Environments.Model;

/// <summary>A network outside that may reach something, with the reason why.</summary>
/// <param name="Name">A DNS-1123 label.</param>
/// <param name="Range">The range.</param>
/// <param name="Reason">Who is behind it, and why it must reach us.</param>
public sealed record AllowedNetwork(string Name, Cidr Range, string Reason);
