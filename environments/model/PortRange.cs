namespace InfraCdktf.Environments.Model;

/// <summary>Ports that are opened.</summary>
/// <param name="First">1-65535.</param>
/// <param name="Last">The last one, itself included; null for one port.</param>
/// <param name="Protocol">TCP or UDP.</param>
public sealed record PortRange(int First, int? Last = null, PortProtocol Protocol = PortProtocol.Tcp)
{
    /// <summary>"8080" or "8080-8090".</summary>
    public string Range => Last is null ? $"{First}" : $"{First}-{Last}";

    /// <summary>"TCP" or "UDP", as policies and firewalls write it.</summary>
    public string ProtocolText => Protocol.ToString().ToUpperInvariant();
}
