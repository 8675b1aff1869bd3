namespace InfraCdktf.Environments.Model;

/// <summary>A port, or a range of ports.</summary>
/// <param name="First">The first port, 1-65535.</param>
/// <param name="Last">The last port, which is part of the range; null for one port.</param>
/// <param name="Protocol">TCP or UDP.</param>
public sealed record PortRange(int First, int? Last = null, PortProtocol Protocol = PortProtocol.Tcp)
{
    /// <summary>"8080" or "8080-8090".</summary>
    public string Range => Last is null ? $"{First}" : $"{First}-{Last}";

    /// <summary>"TCP" or "UDP", as policies and firewalls write it.</summary>
    public string ProtocolText => Protocol.ToString().ToUpperInvariant();
}
