namespace InfraCdktf.Constructs.Network;

/// <summary>Which end of a connection a flow speaks for.</summary>
public enum Direction
{
    /// <summary>Connections to the pods.</summary>
    Ingress,

    /// <summary>Connections from the pods.</summary>
    Egress,
}
