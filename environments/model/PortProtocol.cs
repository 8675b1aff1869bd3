namespace InfraCdktf.Environments.Model;

/// <summary>The protocols that can be opened.</summary>
public enum PortProtocol
{
    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>UDP.</summary>
    Udp,
}
