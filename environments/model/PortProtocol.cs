namespace InfraCdktf.Environments.Model;

/// <summary>The protocols of ports.</summary>
public enum PortProtocol
{
    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>UDP.</summary>
    Udp,
}
